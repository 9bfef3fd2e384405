import { describe, expect, it } from 'vitest';
import { isSelfEcho } from '../../../../main/domain/barge-in/self-echo.ts';

const spoken = 'Whales are mammals. They breathe air, and the blue whale is the largest animal that has ever lived.';

describe('what the microphone hears of the answer itself', () => {
  it.each(['the blue whale is the largest animal', 'They breathe air.', 'and the blue well is the largest animal'])(
    'is known: "%s"',
    (heard) => expect(isSelfEcho(heard, spoken)).toBe(true),
  );

  it.each(['stop', 'the blue whale', 'what is the largest fish', 'no, tell me about the largest ship that sails'])(
    'is not what a user says: "%s"',
    (heard) => expect(isSelfEcho(heard, heard === 'the blue whale' ? 'Blue whales are large.' : spoken)).toBe(false),
  );

  it('is nothing while nothing was said', () => {
    expect(isSelfEcho('one two three four', '')).toBe(false);
  });
});
