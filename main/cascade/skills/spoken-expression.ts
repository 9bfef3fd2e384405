import { Decimal } from 'decimal.js';
import { withDigits } from '../utterance/number-words.ts';

const Number20 = Decimal.clone({ precision: 30 });
/** Results with more digits than this are nothing to listen to. */
const MAX_EXPONENT = 15;
const MAX_POWER = 200;

/** What recognisers write for a number between operators: "what is too plus, too". */
const HOMOPHONES: Readonly<Record<string, string>> = {
  to: 'two', too: 'two', for: 'four', fore: 'four', ate: 'eight', won: 'one', tree: 'three', free: 'three', sex: 'six', nein: 'nine', tin: 'ten', heaven: 'seven',
}; // prettier-ignore

const OPERATORS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:plus|added to)\b/g, '+'],
  [/\b(?:minus|take away|less|subtract)\b/g, '-'],
  [/\b(?:multiplied by|multiplied with|times|x)\b/g, '*'],
  [/\b(?:divided by|over|divide by)\b/g, '/'],
  [/\b(?:raised )?to the (?:power|power of)(?: of)?\b/g, '^'],
  [/\b(?:percent|per cent) of\b/g, '%of'],
  [/\b(?:the )?square root of\b/g, 'sqrt'],
  [/\b(?:the )?(?:cube|cubic) root of\b/g, 'cbrt'],
  [/\b(?:the )?square of\b/g, 'sq'],
  [/\bsquared\b/g, '^ 2'],
  [/\bcubed\b/g, '^ 3'],
  [/\b(?:a |one )?half of\b/g, 'half'],
  [/\b(?:a |one )third of\b/g, 'third'],
  [/\b(?:a |one )?quarter of\b/g, 'quarter'],
  [/\b(?:double|twice)\b/g, 'double'],
  [/\btriple\b/g, 'triple'],
  [/\bnegative\b/g, 'neg'],
];
const BINARY = new Set(['+', '-', '*', '/', '^', '%of']);
const PREFIX = new Set(['sqrt', 'cbrt', 'sq', 'half', 'third', 'quarter', 'double', 'triple', 'neg']);

export type ExpressionResult =
  | { type: 'value'; value: Decimal; expression: string }
  | { type: 'undefined'; reason: 'division-by-zero' | 'root-of-negative' | 'too-large' };

/**
 * The value of a sum in normalised words: "twelve times seven", "fifteen percent of eighty", "too plus too". Null when the words are
 * anything but one whole sum with at least one operator. Only numbers and the operators above exist: nothing is executed.
 */
export function evaluateSpoken(words: string): ExpressionResult | null {
  let marked = words;
  for (const [pattern, sign] of OPERATORS) marked = marked.replace(pattern, sign);
  const tokens = withDigits(repairHomophones(marked.split(' ')).join(' ')).split(' ');
  if (tokens.length > 40 || !tokens.some((token) => BINARY.has(token) || PREFIX.has(token))) return null;
  const parser = new SumParser(tokens);
  try {
    const value = parser.read();
    if (!value) return null;
    if (value.e > MAX_EXPONENT || !value.isFinite()) return { type: 'undefined', reason: 'too-large' };
    return { type: 'value', value, expression: expressionWords(tokens) };
  } catch (reason) {
    if (reason instanceof Undefined) return { type: 'undefined', reason: reason.kind };
    throw reason;
  }
}

class Undefined extends Error {
  readonly kind: 'division-by-zero' | 'root-of-negative' | 'too-large';

  constructor(kind: Undefined['kind']) {
    super(kind);
    this.kind = kind;
  }
}

/** Only where a number must stand: at an edge or beside an operator on both sides. */
function repairHomophones(words: readonly string[]): string[] {
  const isSign = (word: string | undefined): boolean => word === undefined || BINARY.has(word) || PREFIX.has(word);
  return words.map((word, at) =>
    Object.hasOwn(HOMOPHONES, word) && isSign(words[at - 1]) && isSign(words[at + 1]) && words.length > 1
      ? HOMOPHONES[word]!
      : word,
  );
}

/** Precedence climbing over at most 40 tokens. */
class SumParser {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  /** Null when the tokens are no sum. */
  read(): Decimal | null {
    const value = this.#binary(0);
    return value && this.#at === this.#tokens.length ? value : null;
  }

  #binary(level: number): Decimal | null {
    const operators = [['+', '-'], ['*', '/'], ['%of'], ['^']][level];
    if (!operators) return this.#operand();
    let left = this.#binary(level + 1);
    while (left && operators.includes(this.#tokens[this.#at] ?? '')) {
      const operator = this.#tokens[this.#at++]!;
      const right = this.#binary(level + 1);
      if (!right) return null;
      left = apply(operator, left, right);
    }
    return left;
  }

  #operand(): Decimal | null {
    const token = this.#tokens[this.#at++];
    if (token === undefined) return null;
    if (/^\d+(\.\d+)?$/.test(token)) return new Number20(token);
    if (!PREFIX.has(token)) return null;
    const inner = this.#operand();
    return inner && applyPrefix(token, inner);
  }
}

function apply(operator: string, left: Decimal, right: Decimal): Decimal {
  if (operator === '+') return left.plus(right);
  if (operator === '-') return left.minus(right);
  if (operator === '*') return left.times(right);
  if (operator === '%of') return left.dividedBy(100).times(right);
  if (operator === '/') {
    if (right.isZero()) throw new Undefined('division-by-zero');
    return left.dividedBy(right);
  }
  if (right.abs().greaterThan(MAX_POWER)) throw new Undefined('too-large');
  return left.pow(right);
}

function applyPrefix(name: string, value: Decimal): Decimal {
  if (name === 'sqrt') {
    if (value.isNegative()) throw new Undefined('root-of-negative');
    return value.sqrt();
  }
  if (name === 'cbrt') return value.cbrt();
  if (name === 'sq') return value.times(value);
  if (name === 'neg') return value.negated();
  if (name === 'half') return value.dividedBy(2);
  if (name === 'third') return value.dividedBy(3);
  if (name === 'quarter') return value.dividedBy(4);
  return value.times(name === 'double' ? 2 : 3);
}

const SPOKEN: Readonly<Record<string, string>> = {
  '+': 'plus', '-': 'minus', '*': 'times', '/': 'divided by', '^': 'to the power of', '%of': 'percent of', sqrt: 'the square root of', cbrt: 'the cube root of', sq: 'the square of', half: 'half of', third: 'a third of', quarter: 'a quarter of', double: 'double', triple: 'triple', neg: 'minus',
}; // prettier-ignore

function expressionWords(tokens: readonly string[]): string {
  return tokens.map((token) => SPOKEN[token] ?? spokenNumber(new Number20(token)).text).join(' ');
}

/** With commas, at most four significant digits after the point; `isRounded` says whether something was left off. */
export function spokenNumber(value: Decimal): { text: string; isRounded: boolean } {
  const places = value.abs().lessThan(1) && !value.isZero() ? Math.min(12, 3 - value.e) : 2;
  const rounded = value.toDecimalPlaces(places);
  const [whole = '0', fraction] = rounded.toFixed().split('.');
  const text = whole.replace(/\B(?=(\d{3})+$)/g, ',') + (fraction ? `.${fraction}` : '');
  // A dozen places are as exact as anybody can mean: the rest is what units leave behind.
  return { text, isRounded: !rounded.equals(value.toDecimalPlaces(12)) };
}
