import fc from 'fast-check';
import { expect, test } from 'vitest';
import { phonemeRuns } from '../../../../main/engines/tts/phoneme-runs.ts';

test('a short string is one run', () => {
  expect(phonemeRuns('həlˈO ðˈɛɹ.')).toEqual(['həlˈO ðˈɛɹ.']);
  expect(phonemeRuns('  ')).toEqual([]);
});

test('a long string is cut after a sentence, else a clause, else a word', () => {
  expect(phonemeRuns('aa bb. cc dd, ee', 10)).toEqual(['aa bb.', 'cc dd, ee']);
  expect(phonemeRuns('aa bb, cc dd ee', 10)).toEqual(['aa bb,', 'cc dd ee']);
  expect(phonemeRuns('aa bb cc dd', 7)).toEqual(['aa bb', 'cc dd']);
  expect(phonemeRuns('aaaaaaaaaaaa', 5)).toEqual(['aaaaa', 'aaaaa', 'aa']);
});

test('nothing is lost and no run is too long', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', 'b', ' ', '.', ',', ')') }),
      fc.integer({ min: 1, max: 20 }),
      (text, max) => {
        const runs = phonemeRuns(text, max);
        for (const run of runs) expect(run.length).toBeLessThanOrEqual(max + 1);
        expect(runs.join('').replace(/ /g, '')).toBe(text.replace(/ /g, ''));
      },
    ),
  );
});
