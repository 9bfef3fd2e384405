import { SMALL_NUMBERS, TENS } from '../../lib/number-names.ts';

const SMALL = new Map<string, number>([
  ...SMALL_NUMBERS.map((word, value) => [word, value] as const),
  ...TENS.map((word, index) => [word, 20 + 10 * index] as const),
  ['fourty', 40],
  ['oh', 0],
]);
const SCALES = new Map<string, number>([
  ['hundred', 100],
  ['thousand', 1_000],
  ['million', 1_000_000],
  ['billion', 1_000_000_000],
  ['trillion', 1_000_000_000_000],
]);
const ORDINALS = new Map<string, number>([
  ...['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'].map(
    (word, index) => [word, index + 1] as const,
  ),
]);

/**
 * Numbers in words become digits, everything else stays: "twenty five minutes" → "25 minutes", "two point five" → "2.5",
 * "a hundred and ten" → "110", "an hour and a half" → "1.5 hour". "oh" is a zero only between digits ("seven oh five" → "7:05").
 * Takes normalised text; two numbers that do not add up to one stay two ("seven thirty" → "7 30").
 */
export function withDigits(text: string): string {
  const words = text.split(' ');
  const out: string[] = [];
  for (let at = 0; at < words.length;) {
    const number = readNumber(words, at);
    if (number) {
      out.push(String(number.value));
      at += number.length;
    } else out.push(words[at++]!);
  }
  return tidyFractions(out.join(' '));
}

/** The rank that a word says ("third" → 3), or undefined. */
export function ordinalOf(word: string): number | undefined {
  const digits = /^(\d+)(?:st|nd|rd|th)$/.exec(word);
  return digits ? Number(digits[1]) : ORDINALS.get(word);
}

function readNumber(words: readonly string[], from: number): { value: number | string; length: number } | undefined {
  let at = from;
  let first = words[at]!;
  if (first === 'a' && SCALES.has(words[at + 1] ?? '')) first = 'one';
  if (first === 'oh' || (!SMALL.has(first) && !isPlainNumber(first))) return undefined;
  let total = 0;
  let group: number | undefined;
  for (; at < words.length;) {
    const word = at === from ? first : words[at]!;
    const value = word === 'oh' ? undefined : (SMALL.get(word) ?? (isPlainNumber(word) ? Number(word) : undefined));
    const scale = SCALES.get(word);
    if (value !== undefined && mayFollow(group, value, word)) group = (group ?? 0) + value;
    else if (scale === 100 && group !== undefined) group *= 100;
    else if (scale !== undefined && group !== undefined) {
      total += group * scale;
      group = 0;
    } else if (word === 'and' && (total > 0 || (group ?? 0) >= 100) && SMALL.has(words[at + 1] ?? '')) {
      // "a hundred and ten": only a smaller number may follow.
      if ((SMALL.get(words[at + 1]!) ?? 100) >= 100) break;
    } else break;
    at++;
  }
  const whole = total + (group ?? 0);
  const digits = decimals(words, at);
  if (digits === undefined) return { value: whole, length: at - from };
  return { value: `${whole}.${digits.text}`, length: at - from + digits.length };
}

/** Whether `value` continues the number so far: "twenty" + "five", "two hundred" + "ten", never "seven" + "thirty". */
function mayFollow(group: number | undefined, value: number, word: string): boolean {
  if (group === undefined || group === 0) return true;
  if (isPlainNumber(word)) return false;
  if (group % 100 === 0) return value < 100;
  return group % 100 >= 20 && group % 10 === 0 && value > 0 && value < 10;
}

function decimals(words: readonly string[], at: number): { text: string; length: number } | undefined {
  if (words[at] !== 'point') return undefined;
  let text = '';
  let length = 1;
  for (; ; length++) {
    const word = words[at + length] ?? '';
    const digit = isPlainNumber(word) ? word : word === 'oh' ? '0' : digitOf(word);
    if (digit === undefined) break;
    text += digit;
  }
  return text === '' ? undefined : { text, length };
}

function digitOf(word: string): string | undefined {
  const value = SMALL.get(word);
  return value === undefined ? undefined : String(value);
}

function isPlainNumber(word: string): boolean {
  return /^\d+(\.\d+)?$/.test(word);
}

function tidyFractions(text: string): string {
  return text
    .replace(/\b(\d+) oh (\d)\b/g, '$1:0$2')
    .replace(/\b(\d+) and a half\b/g, '$1.5')
    .replace(/\b(\d+) and a quarter\b/g, '$1.25')
    .replace(/\b(?:an?|1) (hour|minute|second|mile|cup|pound|kilo|year|day|week) and a half\b/g, '1.5 $1s')
    .replace(/\bhalf an? (hour|minute|mile|cup|pound|kilo|year|day)\b/g, '0.5 $1s')
    .replace(/\bhalf hour\b/g, '0.5 hours')
    .replace(/\b(?:a )?quarter of an hour\b/g, '15 minutes')
    .replace(/\b3 quarters of an hour\b/g, '45 minutes')
    .replace(/\b(\d+) hours? and a half\b/g, (_, hours: string) => `${hours}.5 hours`)
    .replace(/\b(?:a|1) dozen\b/g, '12');
}
