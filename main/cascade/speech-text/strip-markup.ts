/** Markdown and emoji out, words kept. Code blocks, images and HTML tags go altogether; lists become sentences. */
export function stripMarkup(text: string): string {
  return text
    .replace(/^[ \t]*```[\s\S]*?(?:\n[ \t]*```[^\n]*|$(?![\s\S]))/gm, ' ')
    .replace(/!\[([^\]\n]*)\]\([^)\s]*\)/g, '$1')
    .replace(/\[([^\]\n]+)\]\([^)\s]*\)/g, '$1')
    .replace(/<\/?[a-zA-Z][^<>\n]*>/g, ' ')
    .replace(/&(amp|lt|gt|quot|nbsp|#39);/g, (_, name: string) => ENTITIES[name]!)
    .replace(/^[ \t]*\|?[ \t]*:?-{3,}:?[ \t]*(?:\|[ \t:|-]*)?$/gm, ' ')
    .replace(/^[ \t]*(?:[-*_][ \t]*){3,}$/gm, ' ')
    .replace(/^[ \t]*\|(.*)\|[ \t]*$/gm, (_, cells: string) => cells.replace(/\|/g, ','))
    .replace(/^[ \t]*#{1,6}[ \t]+/gm, '')
    .replace(/^[ \t]*>[ \t]?/gm, '')
    .replace(/^[ \t]*[-*+•][ \t]+(?:\[[ xX]\][ \t]+)?/gm, '')
    .replace(/^[ \t]*(\d{1,2})[.)][ \t]+/gm, '$1, ')
    .replace(/\*\*|__|~~|`+/g, '')
    .replace(/(?<![\p{L}\p{N}])[*_](?=\S)|(?<=\S)[*_](?![\p{L}\p{N}])/gu, '')
    .replace(EMOJI, ' ')
    .replace(/[★☆✓✔✗✘•●○■□▪▶►◆]/g, ' ')
    .replace(INVISIBLE, '');
}

// Flags, keycaps, and pictographs with their modifiers and joiners. © ® ™ count as pictographs too, and digits do not.
const EMOJI =
  /(?:\p{Regional_Indicator}{2}|[0-9#*]\uFE0F?\u20E3|\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier})?(?:\u200D\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier})?)*)/gu;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ', '#39': "'" };
const INVISIBLE = /[\u200B\u2060\uFEFF\u00AD]|[\u200C-\u200D]|[\uFE0E-\uFE0F]/g;
