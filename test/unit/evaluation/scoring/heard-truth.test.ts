import { describe, expect, test } from 'vitest';
import { heardTruth, stretchesOf } from '../../../../main/evaluation/scoring/heard-truth.ts';

const turn = (ownHeard: string, agentWords: string, isIntoAnswer = false) => ({ ownHeard, agentWords, isIntoAnswer });

describe('heard-truth', () => {
  test('takes an answer that lasts over an "mm-hm" as one, wherever the two sides cut it', () => {
    const [first, second, third] = stretchesOf([
      turn('Egypt is old and large.', 'Egypt is'),
      turn('', 'old and large.', true),
      turn('Yes.', 'Yes.'),
    ]);
    expect(first).toBe(second);
    expect(heardTruth(first!)).toMatchObject({ errors: 0, referenceWords: 5 });
    expect(heardTruth(third!)).toMatchObject({ errors: 0, referenceWords: 1 });
  });

  test('finds words that were never in the recording, and words that nobody told of', () => {
    expect(heardTruth({ ownHeard: 'It is late and cold.', agentWords: 'It is late.' })).toMatchObject({ errors: 2 });
    expect(heardTruth({ ownHeard: '', agentWords: 'It is late.' })).toMatchObject({ errors: 3, referenceWords: 0 });
    expect(heardTruth({ ownHeard: '', agentWords: '' })).toBeNull();
  });

  test.each([
    ['112 minus 13 equals 99.', 'One hundred and twelve minus thirteen equals ninety nine.'],
    ["It's 12:17 PM.", "It's twelve seventeen P M."],
    ['Timer set for 10 minutes.', 'Timer set for ten minutes.'],
  ])('"%s" sounds like "%s"', (ownHeard, agentWords) => {
    expect(heardTruth({ ownHeard, agentWords })).toMatchObject({ errors: 0 });
  });
});
