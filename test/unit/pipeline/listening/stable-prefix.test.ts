import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StablePrefix } from '../../../../main/pipeline/listening/stable-prefix.ts';

const at = (seconds: number) => seconds * 16_000;
const stablePart = ({ text, stableChars }: { text: string; stableChars: number }) => text.slice(0, stableChars);

describe('stable prefix', () => {
  test('settles words that stood in two partials and have been there for a while', () => {
    const prefix = new StablePrefix();
    expect(stablePart(prefix.update('What time', at(0.5)))).toBe('');
    expect(stablePart(prefix.update('What time is', at(0.8)))).toBe('');
    expect(stablePart(prefix.update('What time is it', at(1.2)))).toBe('What time');
  });

  test('never settles the last word', () => {
    const prefix = new StablePrefix();
    prefix.update('Hello', at(0));
    prefix.update('Hello', at(1));
    expect(stablePart(prefix.update('Hello', at(5)))).toBe('');
  });

  test('starts again from the first word that changed', () => {
    const prefix = new StablePrefix();
    prefix.update('call moment please', at(0));
    prefix.update('call mom and please', at(1));
    expect(stablePart(prefix.update('call mom and please now', at(1.3)))).toBe('call');
    expect(stablePart(prefix.update('call mom and please now', at(2)))).toBe('call mom and please');
  });

  test('keeps what is stable when the recogniser changes its mind, and goes on after it', () => {
    const prefix = new StablePrefix();
    for (const seconds of [0, 1, 2]) prefix.update('It was the best of', at(seconds));
    const changed = prefix.update('it was a best of times, it was', at(3));
    expect(changed.text).toBe('It was the best of times, it was');
    expect(stablePart(changed)).toBe('It was the best of');
  });

  test('keeps what is stable even when nothing is heard any more', () => {
    const prefix = new StablePrefix();
    for (const seconds of [0, 1, 2]) prefix.update('one two three', at(seconds));
    expect(prefix.update('', at(3))).toEqual({ text: 'one two', stableChars: 7 });
  });

  test('whatever is heard, no result takes back what an earlier one called stable', () => {
    const words = fc.array(fc.constantFrom('a', 'b', 'c', 'a,', 'B'), { maxLength: 8 });
    fc.assert(
      fc.property(fc.array(words, { maxLength: 12 }), (transcripts) => {
        const prefix = new StablePrefix();
        let stable = '';
        for (const [index, transcript] of transcripts.entries()) {
          const result = prefix.update(transcript.join(' '), at(index * 0.4));
          expect(result.text.startsWith(stable)).toBe(true);
          stable = stablePart(result);
        }
      }),
    );
  });
});
