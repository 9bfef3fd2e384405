import { DIGIT_NAMES, SMALL_NUMBERS, TENS } from '../../lib/number-names.ts';
import { bareWords } from '../barge-in/vocabulary.ts';

const DIGIT_WORDS = new Set([...DIGIT_NAMES, 'oh']);
const NUMBER_WORDS = new Set('ten eleven twelve hundred double triple dash point dot'.split(' '));

/** How many digits what is being dictated usually has at least; what is not listed has an unknown number. */
const LENGTHS: readonly [RegExp, number][] = [
  [/\b(phone|telephone|mobile|cell|call me|reach me|fax)\b/u, 9],
  [/\b(card|iban|account)\b/u, 10],
  [/\b(zip|postal|postcode|order|booking|confirmation|reservation|reference|tracking|flight)\b/u, 5],
  [/\b(pin|code|room|extension)\b/u, 4],
];
/** A number without a name is taken for whole when it is as long as a phone number. */
const UNNAMED_LENGTH = 10;

/**
 * Whether the sentence ends in a number or a spelled word that is being dictated, and if so whether it is as long as such numbers are.
 * Null when nothing is dictated.
 */
export function dictation(sentence: string): 'more' | 'complete' | null {
  const words = bareWords(sentence.replaceAll(/(?<=\p{L})-(?=\p{L}\b)/gu, ' '));
  let digits = 0;
  let tail = 0;
  for (const word of words.toReversed()) {
    const count = digitsIn(word);
    if (count === null) break;
    digits += count;
    tail++;
  }
  // One number is an amount ("ten minutes at 12"); a row of them, a long one or one that begins with a zero is read out.
  if (tail < 2 && digits < 4 && !/^0\d/u.test(words.at(-1) ?? '')) return null;
  if (digits === 0) return 'more';
  const named = LENGTHS.find(([name]) => name.test(sentence.toLowerCase()));
  return digits >= (named?.[1] ?? UNNAMED_LENGTH) ? 'complete' : 'more';
}

/** "Remember this number for me", "Write this down": what it is comes after a pause. */
const ANNOUNCEMENT =
  /^(?:.* )?(?:remember|note|write|take|jot|save|store|dial|call|copy|spell|type|add|put)(?: down)? (?:this|these|the following)(?: down|(?: \w+)? (?:numbers?|codes?|digits|names?|address(?:es)?|list|items|things|words?)(?: down)?)(?: for me)?(?: please)?$/u;

export function announcesDictation(words: readonly string[]): boolean {
  return ANNOUNCEMENT.test(words.join(' '));
}

/** Nothing but digits or letters, as between two pauses of a number that is read out. */
export function isReadOut(words: readonly string[]): boolean {
  return words.length > 0 && words.every((word) => digitsIn(word) !== null);
}

const OTHER_NUMBERS = new Set([...SMALL_NUMBERS.slice(13), ...TENS, 'thousand', 'million', 'half', 'quarter']);

/** After a number there is often another, or what is counted. */
export function endsInNumber(words: readonly string[]): boolean {
  const last = words.at(-1) ?? '';
  return /\d$/u.test(last) || DIGIT_WORDS.has(last) || NUMBER_WORDS.has(last) || OTHER_NUMBERS.has(last);
}

/** Digits that a word stands for; 0 for a letter or a word between digits; null for anything else. */
function digitsIn(word: string): number | null {
  if (/^\d+$/u.test(word)) return word.length;
  if (DIGIT_WORDS.has(word)) return 1;
  return NUMBER_WORDS.has(word) || /^[b-hj-z]$/u.test(word) ? 0 : null;
}
