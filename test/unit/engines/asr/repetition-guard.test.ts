import { describe, expect, test } from 'vitest';
import { loopedTail } from '../../../../main/engines/asr/repetition-guard.ts';

const cut = (tokens: number[]) => tokens.slice(0, tokens.length - loopedTail(tokens));

describe('repetition guard', () => {
  test('keeps one copy of a phrase that goes round and round', () => {
    expect(cut([1, 2, 3, 7, 8, 9, 7, 8, 9, 7, 8, 9])).toEqual([1, 2, 3, 7, 8, 9]);
  });

  test('lets people repeat a word', () => {
    expect(loopedTail([5, 5, 5, 5])).toBe(0);
    expect(loopedTail([1, 2, 1, 2, 1, 2, 1, 2])).toBe(0);
    expect(cut([4, 5, 5, 5, 5, 5])).toEqual([4, 5]);
  });

  test('lets a refrain be', () => {
    expect(loopedTail([10, 11, 12, 13, 20, 10, 11, 12, 13, 21, 10, 11, 12, 13, 22])).toBe(0);
    expect(loopedTail([10, 11, 12, 10, 11, 12])).toBe(0);
  });

  test('sees long phrases', () => {
    const phrase = Array.from({ length: 12 }, (_, i) => 100 + i);
    expect(cut([...phrase, ...phrase, ...phrase])).toEqual(phrase);
  });

  test('finds nothing in nothing', () => {
    expect(loopedTail([])).toBe(0);
  });
});
