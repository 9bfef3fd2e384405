import { describe, expect, test } from 'vitest';
import { spokenWords, wordErrorRate, wordErrors } from '../../../main/lib/word-error-rate.ts';

describe('word error rate', () => {
  test('is zero for the same words in another spelling', () => {
    expect(wordErrorRate("Don't stop – it's 5 o'clock!", 'dont stop its five oclock')).toBe(0);
    expect(wordErrorRate('order number 12345', 'Order number one, two, three, four, five.')).toBe(0);
  });

  test('counts a wrong, a missing and an added word as one error each', () => {
    expect(wordErrors('one two three', 'one too three')).toEqual({ errors: 1, referenceWords: 3, rate: 1 / 3 });
    expect(wordErrors('one two three', 'one three').errors).toBe(1);
    expect(wordErrors('one two three', 'one two and three').errors).toBe(1);
  });

  test('finds the cheapest way from one text to the other', () => {
    expect(wordErrors('a b c d e', 'b c d e f').errors).toBe(2);
    expect(wordErrors('a b c', 'x y z').errors).toBe(3);
  });

  test('does not divide by nothing', () => {
    expect(wordErrorRate('', '')).toBe(0);
    expect(wordErrorRate('…', 'thank you for watching')).toBe(1);
    expect(wordErrorRate('hello', '')).toBe(1);
  });

  test('reads letters of any language', () => {
    expect(spokenWords('Größe, ÉCOLE; ｆｕｌｌ')).toEqual(['größe', 'école', 'full']);
  });
});
