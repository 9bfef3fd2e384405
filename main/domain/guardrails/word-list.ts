import type { Matcher } from './matcher.ts';
import { ownPattern } from './pattern-matcher.ts';

const NOT_IN_WORD = String.raw`(?<![\p{L}\p{N}])`;
const WORD_IS_OVER = String.raw`(?![\p{L}\p{N}])`;
/** Longest ending plus the longest run of white space between two words that counts as one. */
const SLACK_CHARS = 12;

/** Words and phrases as whole words, whatever their case and the white space in them. `forms`: regular endings of the last word too. */
export function wordList(words: readonly string[], { forms = false }: { forms?: boolean } = {}): Matcher {
  // Longest first: "credit card" before "credit".
  const sorted = [...new Set(words.map((word) => word.trim().toLowerCase()))].sort((a, b) => b.length - a.length);
  const pattern = `${NOT_IN_WORD}(?:${sorted.map((word) => wordPattern(word, forms)).join('|')})${WORD_IS_OVER}`;
  return ownPattern(pattern, { ignoreCase: true, maxSpanChars: (sorted[0]?.length ?? 0) + SLACK_CHARS });
}

function wordPattern(word: string, forms: boolean): string {
  const literal = word
    .split(/\s+/)
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`))
    .join(String.raw`\s{1,3}`);
  if (!forms || !/\p{L}$/u.test(word)) return literal;
  if (/[^aeiou]y$/.test(word)) return `${literal.slice(0, -1)}(?:y|ies|ied|ying|ier|iers)(?:['’]s)?`;
  if (word.endsWith('e')) return `${literal.slice(0, -1)}(?:e|es|ed|ing|er|ers)(?:['’]s)?`;
  const last = word.at(-1)!;
  const doubled = /[^aeiou][aeiou][bdgklmnprt]$/.test(word) ? `|${last}ed|${last}ing|${last}ers?` : '';
  return `${literal}(?:s|es|ed|ing|ers?|ment|ments${doubled})?(?:['’]s)?`;
}
