import { toCardinal, toOrdinal } from 'n2words/en-US';
import { DIGIT_NAMES } from '../../lib/number-names.ts';

/** Longer runs of digits are no quantities: they are read one by one. */
const LONGEST_QUANTITY_DIGITS = 15;

/** "1,234.50" → "one thousand two hundred thirty-four point five zero". Takes digits with optional sign, commas and one point. */
export function cardinalWords(number: string): string {
  const negative = /^[-−]/.test(number);
  const [whole = '', fraction] = number
    .replace(/^[-−+]/, '')
    .replace(/,/g, '')
    .split('.');
  const spelled = [wholeWords(whole)];
  if (fraction) spelled.push('point', digitWords(fraction));
  return (negative ? 'minus ' : '') + spelled.join(' ');
}

export function ordinalWords(number: number): string {
  return number === 0 ? 'zeroth' : toOrdinal(number);
}

/** "1984" → "nineteen eighty-four", "2005" → "two thousand five", "1900" → "nineteen hundred". For 1000 to 2999. */
export function yearWords(year: number): string {
  const century = Math.floor(year / 100);
  const rest = year % 100;
  if (century % 10 === 0 && rest < 10) return toCardinal(year);
  if (rest === 0) return `${toCardinal(century)} hundred`;
  return `${toCardinal(century)} ${rest < 10 ? `oh ${toCardinal(rest)}` : toCardinal(rest)}`;
}

export function digitWords(digits: string): string {
  return [...digits].map((digit) => DIGIT_NAMES[Number(digit)]).join(' ');
}

function wholeWords(digits: string): string {
  if (digits === '') return 'zero';
  const readsAsCode = (digits.length > 1 && digits.startsWith('0')) || digits.length > LONGEST_QUANTITY_DIGITS;
  return readsAsCode ? digitWords(digits) : toCardinal(digits);
}
