import { spokenWords } from '../../lib/word-error-rate.ts';
import { expressionOf } from '../scenario/scenario.ts';

/** Whether a phrase of a scenario occurs in what was said: its words in order and next to one another, or its expression. */
export function saysPhrase(said: string, phrase: string): boolean {
  const expression = expressionOf(phrase);
  const words = spokenWords(said).join(' ');
  // An expression sees the text as it was written, and its spoken form: recognisers write numbers in many ways.
  if (expression) return expression.test(said) || expression.test(words);
  return ` ${words} `.includes(` ${spokenWords(phrase).join(' ')} `);
}

/** Whether an argument is what was expected: strings as spoken words or by an expression, everything else exactly. */
export function isExpectedArgument(expected: unknown, given: unknown): boolean {
  if (typeof expected === 'string') {
    const text = typeof given === 'string' ? given : JSON.stringify(given ?? null);
    const expression = expressionOf(expected);
    if (expression) return expression.test(text);
    return spokenWords(expected).join(' ') === spokenWords(text).join(' ');
  }
  if (typeof expected === 'number') return Number(given) === expected;
  if (Array.isArray(expected)) {
    if (!Array.isArray(given) || given.length !== expected.length) return false;
    return expected.every((each, i) => isExpectedArgument(each, given[i]));
  }
  if (typeof expected === 'object' && expected !== null) {
    const object = (given ?? {}) as Record<string, unknown>;
    return Object.entries(expected).every(([name, each]) => isExpectedArgument(each, object[name]));
  }
  return expected === given;
}
