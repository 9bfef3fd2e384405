import type { Matcher, Span } from './matcher.ts';

/** White space characters in a row that count as one. */
const MAX_GAP_CHARS = 3;

/**
 * Words and phrases as whole words, whatever their case and the white space in them. `forms`: regular endings of the last word too. The list may
 * be long: every place where a word begins is followed only as far as something in the list begins like it.
 */
export function wordList(words: readonly string[], { forms = false }: { forms?: boolean } = {}): Matcher {
  const wanted = new Set<string>();
  for (const word of words) {
    const plain = word.trim().toLowerCase().replace(/\s+/g, ' ');
    for (const form of forms ? formsOf(plain) : [plain]) wanted.add(form);
  }
  const beginnings = new Set<string>();
  for (const word of wanted) for (let end = 1; end <= word.length; end++) beginnings.add(word.slice(0, end));
  const follow = (text: string, start: number): Followed => followWords({ text, start, wanted, beginnings });
  return {
    find(text, from) {
      for (let start = from; start < text.length; start++) {
        if (!isWordStart(text, start)) continue;
        const { span } = follow(text, start);
        if (span) return span;
      }
      return null;
    },
    openFrom(text, from) {
      for (let start = from; start < text.length; start++) {
        if (isWordStart(text, start) && follow(text, start).isOpen) return start;
      }
      return text.length;
    },
  };
}

interface Followed {
  /** The longest listed word from here. */
  span: Span | null;
  /** The text ends while something in the list is still possible. */
  isOpen: boolean;
}

function followWords(place: {
  text: string;
  start: number;
  wanted: ReadonlySet<string>;
  beginnings: ReadonlySet<string>;
}): Followed {
  const { text, start, wanted, beginnings } = place;
  let read = '';
  let gap = 0;
  let span: Span | null = null;
  for (let at = start; at < text.length; at++) {
    const isSpace = /\s/.test(text[at]!);
    gap = isSpace ? gap + 1 : 0;
    if (gap > MAX_GAP_CHARS) return { span, isOpen: false };
    if (gap <= 1) read += isSpace ? ' ' : text[at]!.toLowerCase();
    if (!beginnings.has(read)) return { span, isOpen: false };
    if (!isSpace && wanted.has(read) && !isInWord(text[at + 1])) span = { start, end: at + 1 };
  }
  return { span, isOpen: true };
}

function isWordStart(text: string, at: number): boolean {
  return !/\s/.test(text[at]!) && !isInWord(text[at - 1]);
}

function isInWord(char: string | undefined): boolean {
  return char !== undefined && /[\p{L}\p{N}]/u.test(char);
}

/** Regular English forms: more of them than there are, which does no harm. */
function formsOf(word: string): string[] {
  const forms = [word];
  if (/\p{L}$/u.test(word)) {
    const last = word.at(-1)!;
    if (/[^aeiou]y$/.test(word)) {
      forms.push(...['ies', 'ied', 'ier', 'iers'].map((ending) => word.slice(0, -1) + ending), `${word}ing`);
    } else {
      const stem = word.endsWith('e') ? word.slice(0, -1) : word;
      forms.push(`${word}s`, ...['es', 'ed', 'ing', 'er', 'ers'].map((ending) => stem + ending), `${word}ment`);
    }
    if (/[^aeiou][aeiou][bdgklmnprt]$/.test(word)) {
      forms.push(...['ed', 'ing', 'er', 'ers'].map((ending) => word + last + ending));
    }
  }
  return forms.flatMap((form) => [form, `${form}'s`, `${form}’s`]);
}
