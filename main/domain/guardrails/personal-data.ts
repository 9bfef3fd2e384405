import type { PersonalDataKind } from '../../contract/guardrails.ts';
import type { Matcher } from './matcher.ts';
import { ownPattern } from './pattern-matcher.ts';

const DIGIT_WORDS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const START = String.raw`(?<![\p{L}\p{N}])`;
const STOP = String.raw`(?![\p{L}\p{N}])`;
const TOP_LEVEL = '(?:com|org|net|edu|gov|io|dev|app|co|uk|de|fr|eu|info|me)';

/** As written, and as a recogniser writes what was said: "joe dot doe at example dot com". */
const EMAIL = String.raw`${START}[\p{L}\p{N}_%+\-]{1,40}(?:\.[\p{L}\p{N}_%+\-]{1,40}){0,4}@[\p{L}\p{N}\-]{1,40}(?:\.[\p{L}\p{N}\-]{1,30}){1,4}${STOP}`;
const SPOKEN_EMAIL = String.raw`${START}[\p{L}\p{N}]{1,30}(?: (?:dot|underscore|dash) [\p{L}\p{N}]{1,30}){0,3} at [\p{L}\p{N}]{1,30}(?: dot [\p{L}\p{N}]{1,20}){0,2} dot ${TOP_LEVEL}${STOP}`;
/** Digits or words for digits, with what people put between them. */
const DIGIT = `(?:[0-9]|${DIGIT_WORDS.join('|')}|oh)`;
const DIGITS = String.raw`${START}\+?\(?${DIGIT}(?:[ ,.()\-]{0,2}${DIGIT}){6,33}${STOP}`;
const IBAN = String.raw`${START}[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}${STOP}`;

/** Each kind that is asked for, as a matcher of its own. */
export function personalData(kinds: readonly PersonalDataKind[]): Matcher[] {
  const matchers: Matcher[] = [];
  if (kinds.includes('email')) {
    matchers.push(ownPattern(EMAIL, { maxSpanChars: 120 }));
    matchers.push(ownPattern(SPOKEN_EMAIL, { maxSpanChars: 120, ignoreCase: true }));
  }
  if (kinds.includes('iban')) matchers.push(ownPattern(IBAN, { maxSpanChars: 50, accept: ibanLength }));
  const numbers = kinds.filter((kind) => kind === 'card' || kind === 'phone' || kind === 'social-security');
  if (numbers.length > 0) {
    const accept = (candidate: string): number =>
      numbers.some((kind) => isNumberOfKind(candidate, kind)) ? candidate.length : 0;
    matchers.push(ownPattern(DIGITS, { maxSpanChars: 160, ignoreCase: true, accept }));
  }
  return matchers;
}

function isNumberOfKind(candidate: string, kind: 'card' | 'phone' | 'social-security'): boolean {
  const digits = digitsOf(candidate);
  switch (kind) {
    case 'card':
      return digits.length >= 13 && digits.length <= 19 && !/[.(+]/.test(candidate) && passesLuhn(digits);
    case 'social-security':
      return isSocialSecurity(candidate, digits);
    case 'phone':
      return isPhone(candidate, digits);
    default:
      return kind satisfies never;
  }
}

function digitsOf(candidate: string): string {
  return candidate
    .toLowerCase()
    .replace(/[a-z]+/g, (word) => String(word === 'oh' ? 0 : DIGIT_WORDS.indexOf(word)))
    .replace(/[^0-9]/g, '');
}

/** ISO/IEC 7812-1, annex B. */
function passesLuhn(digits: string): boolean {
  if (/^(\d)\1*$/.test(digits)) return false;
  let sum = 0;
  [...digits].reverse().forEach((digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  });
  return sum % 10 === 0;
}

/** Three, two and four digits, and none of the numbers that the Social Security Administration never gives out. */
function isSocialSecurity(candidate: string, digits: string): boolean {
  if (!/^\d{3}[ -]\d{2}[ -]\d{4}$/.test(candidate)) return false;
  return !/^(?:000|666|9)/.test(digits) && !/^...00/.test(digits) && !digits.endsWith('0000');
}

/** E.164 allows 15 digits; below 7 there are only short codes. Dates, years, decimals and counted numbers are none. */
function isPhone(candidate: string, digits: string): boolean {
  if (digits.length < 7 || digits.length > 15) return false;
  if (/^\d+[.,]\d+$/.test(candidate) || /^\d{1,3}(?:[, ]\d{3})+$/.test(candidate)) return false;
  if (/^(?:19|20)\d\d-\d\d-\d\d$/.test(candidate) || /^\d{1,2}-\d{1,2}-\d{4}$/.test(candidate)) return false;
  if (/^[12]\d{3}\s?-\s?[12]\d{3}$/.test(candidate)) return false;
  if (/^\d{3}-\d{2}-\d{4}$/.test(candidate)) return false;
  if (/[a-z]/i.test(candidate) || /^\d(?:[, ]{1,2}\d)+$/.test(candidate)) return !isCounted(digits);
  return /^\d+$/.test(candidate) ? digits.length === 10 || digits.length === 11 : true;
}

/** "One, two, three …": each number is one more or one less than the one before. */
function isCounted(digits: string): boolean {
  const steps = [...digits].slice(1).map((digit, index) => Number(digit) - Number(digits[index]));
  return steps.every((step) => step === 1) || steps.every((step) => step === -1);
}

/** Length of the part of the candidate that has the right check digits (ISO 13616: the rest of 97 is 1). */
function ibanLength(candidate: string): number {
  const ends = [...candidate.matchAll(/ |$/g)].map(({ index }) => index).reverse();
  return ends.find((end) => isIban(candidate.slice(0, end).replaceAll(' ', ''))) ?? 0;
}

function isIban(text: string): boolean {
  if (text.length < 15 || text.length > 34) return false;
  const moved = text.slice(4) + text.slice(0, 4);
  let rest = 0;
  for (const char of moved) {
    for (const digit of String(parseInt(char, 36))) rest = (rest * 10 + Number(digit)) % 97;
  }
  return rest === 1;
}
