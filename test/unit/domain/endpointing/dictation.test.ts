import { describe, expect, it } from 'vitest';
import { dictation } from '../../../../main/domain/endpointing/dictation.ts';

describe('a number that is read out', () => {
  it.each([
    ['My phone number is four one five', 'more'],
    ['My phone number is 415-555', 'more'],
    ['My phone number is 415-555-2671', 'complete'],
    ['Can you check my order number one two three four five', 'complete'],
    ['The order number is 739', null],
    ['My pin is 4 5 1 1', 'complete'],
    ['four one five five', 'more'],
    ['Remember this number for me, 030', 'more'],
    ['It is spelled j o h n', 'more'],
    ['My email is j-o-h-n', 'more'],
    ['Set a timer for ten minutes', null],
    ['What is nine times 12', null],
    ['I was born in 84', null],
    ['', null],
  ])('"%s": %s', (sentence, expected) => expect(dictation(sentence)).toBe(expected));
});
