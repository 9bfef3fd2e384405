import { cardinalWords, ordinalWords } from './spell-number.ts';

const VALUES: Readonly<Record<string, number>> = { I: 1, V: 5, X: 10, L: 50, C: 100, D: 500, M: 1000 };
/** Thousands to ones, so that "IIX" and "VX" are none. Two letters at least: "I", "V", "X" and "C" are words and names. */
const ROMAN = '(?=[IVXLCDM]{2})M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})';

/** Counted things. After them one letter is a number, too. */
const COUNTED =
  'chapter|part|volume|book|act|scene|section|article|phase|stage|level|type|class|grade|episode|season|figure|table|appendix|world war|super bowl|mark|no\\.|tier|round|title';
const AFTER_COUNTED = new RegExp(
  String.raw`\b(${COUNTED})\s+(${ROMAN}|[VX]|I(?=\s*(?:[.,:;)!?]|$)))(?![\p{L}\p{N}'’-])`,
  'giu',
);
/** People who are told apart by a number: rulers and popes. Their numbers are small. */
const RULERS =
  'Henry|Elizabeth|Louis|Charles|George|Edward|James|William|Richard|Philip|Ferdinand|Frederick|Wilhelm|Napoleon|Nicholas|Catherine|' +
  'Ivan|Peter|Alexander|Benedict|Pius|John Paul|Paul|Leo|Gregory|Innocent|Clement|Ramesses|Ramses|Ptolemy|Mary|Christian|Gustav|Otto|' +
  'Leopold|Albert|Margaret|Carl|Juan Carlos|Felipe|Alfonso|Robert|Malcolm|Constantine|Rama|Xerxes|Darius|Cleopatra|Thutmose|Amenhotep';
const AFTER_RULER = new RegExp(
  String.raw`\b(${RULERS})\s+(${ROMAN}|[IV])(?![\p{L}\p{N}'’-])(?!\s+(?:am|was|have|had|will|would|think|can)\b)`,
  'gu',
);
const CENTURY = new RegExp(String.raw`\b(${ROMAN}|[IVX])(?:th|st|nd|rd)?\s+(century|centuries|dynasty)\b`, 'gu');

/** Roman numerals where the words around say that they are: "Henry VIII", "World War II", "the XIX century". Others are left alone. */
export function readRoman(text: string): string {
  if (!/[IVXLCDM]/.test(text)) return text;
  return text
    .replace(AFTER_COUNTED, (all, thing: string, numeral: string) =>
      isUpper(numeral) ? `${thing} ${cardinalWords(String(valueOf(numeral)))}` : all,
    )
    .replace(AFTER_RULER, (_, name: string, numeral: string) => `${name} the ${ordinalWords(valueOf(numeral))}`)
    .replace(CENTURY, (_, numeral: string, age: string) => `${ordinalWords(valueOf(numeral))} ${age}`);
}

function isUpper(text: string): boolean {
  return text === text.toUpperCase();
}

function valueOf(numeral: string): number {
  return [...numeral].reduce((sum, letter, i) => {
    const value = VALUES[letter]!;
    return sum + (value < (VALUES[numeral[i + 1] ?? ''] ?? 0) ? -value : value);
  }, 0);
}
