import { cardinalWords, ordinalWords, yearWords } from './spell-number.ts';

const FRACTION_SIGNS: Readonly<Record<string, string>> = {
  '½': 'one half',
  '⅓': 'one third',
  '⅔': 'two thirds',
  '¼': 'one quarter',
  '¾': 'three quarters',
  '⅛': 'one eighth',
};
const FRACTION_SIGN = /(\d+)?\s?([½⅓⅔¼¾⅛])/g;
const PARTS = ['half', 'third', 'quarter', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'];

/** What is left of digits, in words: ordinals, fractions, ranges, years, versions, codes with letters, plain numbers. */
export function readNumbers(text: string): string {
  return text
    .replace(FRACTION_SIGN, (_, whole: string | undefined, sign: string) =>
      whole === undefined ? FRACTION_SIGNS[sign]! : `${cardinalWords(whole)} and ${FRACTION_SIGNS[sign]!}`,
    )
    .replace(/\b(\d{1,3}(?:,\d{3})+|\d+)(?:st|nd|rd|th)\b/g, (_, digits: string) =>
      ordinalWords(Number(digits.replace(/,/g, ''))),
    )
    .replace(/(?<![\w./])(\d{1,3})\s+(?=[1-9]\/(?:[2-9]|10)(?![\w/]|\.\d))/g, '$1 and ')
    .replace(/(?<![\w:.])(\d{1,3}):(\d{1,2})(?![\w:])/g, '$1 to $2')
    .replace(/(?<=\d),(?=\d{1,2}(?!\d)|\d{4,})/g, ', ')
    .replace(/(?<=\p{Lu}{2,})-(?=\d)/gu, ' ')
    .replace(/\b24\/7\b/g, 'twenty-four seven')
    .replace(/(?<![\w./])(\d{1,2})\/(\d{1,2})(?![\w/]|\.\d)/g, (_, top: string, bottom: string) =>
      fraction(top, bottom),
    )
    .replace(/\b[vV](\d+(?:\.\d+)*)\b/g, 'version $1')
    .replace(/\b\d+(?:\.\d+){2,}\b/g, (version) => version.split('.').map(cardinalWords).join(' point '))
    .replace(
      /(?<![\w.-])([12]\d{3})\s?[-–]\s?([12]\d{3})(?![\w-]|\.\d)/g,
      (_, from: string, to: string) => `${year(from)} to ${year(to)}`,
    )
    .replace(/(?<![\w.-])(\d+(?:\.\d+)?)\s?[-–]\s?(\d+(?:\.\d+)?)(?![\w-])/g, '$1 to $2')
    .replace(/(?<=\d)\s*[x×]\s*(?=\d)/g, ' by ')
    .replace(/\b(\d+(?:\.\d+)?)[x×](?![\p{L}\p{N}])/gu, '$1 times')
    .replace(/(?<=\p{L})(?=\d)|(?<=\d)(?=\p{L})/gu, ' ')
    .replace(/(?<![\d.,\p{L}])[1-9]\d{3}(?![\d\p{L}]|[,.]\d)/gu, year)
    .replace(/(?<![\p{L}\d])[-−](?=\d)/gu, 'minus ')
    .replace(/\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+|\d+/g, (number) => cardinalWords(number));
}

function year(digits: string): string {
  const number = Number(digits);
  return number >= 1100 && number < 2100 ? yearWords(number) : cardinalWords(digits);
}

function fraction(top: string, bottom: string): string {
  const parts = PARTS[Number(bottom) - 2];
  const count = Number(top);
  if (parts === undefined || count === 0 || count >= Number(bottom))
    return `${cardinalWords(top)} over ${cardinalWords(bottom)}`;
  if (count === 1) return `one ${parts}`;
  return `${cardinalWords(top)} ${parts === 'half' ? 'halves' : `${parts}s`}`;
}
