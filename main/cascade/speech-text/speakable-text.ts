import { CLOSING, INTRODUCING, TITLES } from './abbreviations.ts';
import { readAddresses } from './read-addresses.ts';
import { readAmounts } from './read-amounts.ts';
import { readDates } from './read-dates.ts';
import { readNumbers } from './read-numbers.ts';
import { readRoman } from './read-roman.ts';
import { stripMarkup } from './strip-markup.ts';

const SIGNS: readonly (readonly [RegExp, string])[] = [
  [/\bw\/o\b/g, 'without'],
  [/\bw\/(?=\s?\p{L})/gu, 'with '],
  [/\bC#/g, 'C sharp'],
  [/\bF#/g, 'F sharp'],
  [/\bC\+\+/g, 'C plus plus'],
  [/(?<![\p{L}\p{N}.])\.NET\b/gu, 'dot NET'],
  [/\b50\/50\b/g, 'fifty fifty'],
  [/\s*&\s*/g, ' and '],
  [/(?<=[\p{L}\d)])\s*\^\s*(?=[\p{L}\d(])/gu, ' to the power of '],
  [/(?<=[\p{L}\d)])²/gu, ' squared'],
  [/(?<=[\p{L}\d)])³/gu, ' cubed'],
  [/√\s*(?=[\p{L}\d(])/gu, 'square root of '],
  [/π/g, 'pi'],
  [/±\s*/g, ' plus or minus '],
  [/(?<![\p{L}\d)])\+(?=\d)/gu, 'plus '],
  [/\s+[-=]>\s+/g, ', '],
  [/(?<![\p{L}\d])#(?=\p{L})/gu, 'hashtag '],
  [/(?<![\p{L}\d])@(?=\p{L})/gu, 'at '],
  [/(?<=\S)\s*≤\s*/g, ' is at most '],
  [/(?<=\S)\s*≥\s*/g, ' is at least '],
  [/(?<=\S)\s*≈\s*/g, ' is about '],
  [/(?<=\S)\s*≠\s*/g, ' is not '],
  [/(?<=\S)\s*=\s*(?=\S)/g, ' equals '],
  [/(?<=\S)\s+\+\s+(?=\S)|(?<=\d)\+(?=\d)/g, ' plus '],
  [/(?<=\d)\+/g, ' plus'],
  [/(?<=[\p{L}\d])\s*÷\s*/gu, ' divided by '],
  [/(?<=[\p{L}\d])\s+×\s+/gu, ' times '],
  [/(?<=\d)\s+\*\s+(?=\d)/g, ' times '],
  [/(?<=\d)\s+[-−]\s+(?=\d)/g, ' minus '],
  [/(?<=\S)\s+<\s+(?=\S)/g, ' is less than '],
  [/(?<=\S)\s+>\s+(?=\S)/g, ' is more than '],
  [/[~≈](?=\s?[\d$€£])/g, 'about '],
  [/#(?=\d)/g, 'number '],
  [/(?<=\s)@(?=\s)/g, 'at'],
  [/\s*[→⇒➜]\s*/g, ', '],
  [/\band\/or\b/g, 'and or'],
  [/(?<=\p{Ll})\s*\/\s*(?=\p{Ll})/gu, ' or '],
  [/(?<=\p{L})\/(?=\p{L})/gu, ' '],
  [/§\s?/g, 'section '],
];

const SHORT_FORMS = new RegExp(
  String.raw`(?<![\p{L}\p{N}.])(${alternatives({ ...TITLES, ...INTRODUCING, ...CLOSING })})\.(?=(\s|[,;:)]|$))`,
  'gu',
);
/** Titles that are no other word's short form; the rest of TITLES need a name after them. */
const PLAIN_TITLES = new Set(['Mr', 'Mrs', 'Ms', 'Dr', 'Prof', 'Sgt', 'Capt', 'Lt']);

/**
 * What is to be said for a stretch of an answer's text: Markdown, emoji and code blocks are gone; numbers, dates, times, money,
 * measures, addresses and abbreviations are in words. Punctuation that shapes the melody stays. American English.
 * "" when nothing can be said.
 */
export function speakableText(text: string): string {
  let spoken = readRoman(stripMarkup(text).replace(/[’‘]/g, "'"));
  spoken = expandShortForms(readDates(readAddresses(spoken)));
  spoken = readAmounts(spoken);
  for (const [sign, words] of SIGNS) spoken = spoken.replace(sign, words);
  return tidy(readNumbers(spoken));
}

function expandShortForms(text: string): string {
  const numbered = text.replace(/\b([Nn])os?\.\s?(?=\d)/g, (_, initial: string) =>
    initial === 'N' ? 'Number ' : 'number ',
  );
  return numbered.replace(SHORT_FORMS, (all: string, word: string, _after: string, at: number, whole: string) => {
    const rest = whole.slice(at + all.length).trimStart();
    if (Object.hasOwn(TITLES, word)) return titleOrStreet(word, { rest, before: whole.slice(0, at) }) ?? all;
    if (word === 'min' || word === 'hrs') return /\d\s*$/.test(whole.slice(0, at)) ? CLOSING[word]! : all;
    const full = INTRODUCING[word] ?? CLOSING[word]!;
    // The stop of "etc." also ends the sentence when nothing or a new sentence follows.
    return Object.hasOwn(CLOSING, word) && (rest === '' || /^\p{Lu}/u.test(rest)) && word === 'etc' ? `${full}.` : full;
  });
}

function titleOrStreet(word: string, around: { rest: string; before: string }): string | undefined {
  const isBeforeName = /^\p{Lu}/u.test(around.rest);
  if (word === 'St' && (!isBeforeName || /\d+\s+\p{Lu}\p{L}+\s$/u.test(around.before))) return 'Street';
  return isBeforeName || PLAIN_TITLES.has(word) ? TITLES[word] : undefined;
}

function tidy(text: string): string {
  const tidied = text
    .replace(/[\\|{}^]|(?<!\p{L})_|_(?!\p{L})/gu, ' ')
    .replace(/_/g, ' ')
    .replace(/\s*\n\s*/g, ', ')
    .replace(/([.!?,;:…—])\s*,/g, '$1')
    .replace(/\s+/g, ' ')
    .replace(/\s+([,;:.!?…])/g, '$1')
    .replace(/^[\s,;:.!?…)\]"”'—–-]+(?=[\s\p{L}("“'[]|$)/u, '')
    .trim();
  return /[\p{L}\p{N}]/u.test(tidied) ? tidied : '';
}

function alternatives(table: Readonly<Record<string, string>>): string {
  return Object.keys(table)
    .sort((a, b) => b.length - a.length)
    .map((word) => word.replaceAll('.', String.raw`\.`))
    .join('|');
}
