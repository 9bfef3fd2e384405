import { expect, test } from 'vitest';
import { planCells } from '../../../bench/turn-matrix/cells/plan.ts';
import { cellName, expectedSeconds } from '../../../bench/turn-matrix/cells/cell.ts';
import { parseMatrixOptions } from '../../../bench/turn-matrix/options.ts';
import { TEST_DIALOGUE } from '../../../bench/turn-matrix/clips/dialogue.ts';
import { TUNING_TURNS } from '../../../bench/endpointing/tuning-turns.ts';

const planned = (...args: string[]) => planCells(parseMatrixOptions(args)!.plan);

test('every policy is measured in every room, overlaps and short turns once', () => {
  const names = planned().map(cellName);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual(
    expect.arrayContaining(['turns-babble-fixed-300', 'turns-loss-fixed-1500', 'turns-drift--semantic']),
  );
  expect(names.filter((name) => name.startsWith('short') || name.startsWith('talk'))).toHaveLength(2);
  expect(names).not.toContain('overlaps-clean-fixed-300');
});

test('the whole matrix takes about 40 minutes, two sessions side by side', () => {
  const seconds = planned().reduce((sum, cell) => sum + expectedSeconds(cell), 0);
  expect(seconds / 2).toBeLessThan(42 * 60);
});

test('parts of the matrix are chosen by name', () => {
  const names = planned('--only', 'turns', '--conditions', 'far,loss', '--policies', 'semantic').map(cellName);
  expect(names).toEqual(['turns-far-semantic', 'turns-loss-semantic']);
});

test('what makes no sense is refused in words', () => {
  expect(() => parseMatrixOptions(['--conditions', 'space'])).toThrow('not "space"');
  expect(() => parseMatrixOptions(['--turns', 'none'])).toThrow('--turns');
});

test('no line that was written for tuning is said in the test', () => {
  const words = (text: string): string =>
    text
      .toLowerCase()
      .replaceAll(/[^a-z]+/g, ' ')
      .trim();
  const tuning = new Set(TUNING_TURNS.flatMap((turn) => [words(turn), ...turn.split('|').map(words)]));
  const spoken = TEST_DIALOGUE.filter(({ kind }) => kind !== 'short').map(({ parts }) =>
    words(parts.filter((part) => typeof part === 'string').join(' ')),
  );
  expect(spoken.filter((text) => tuning.has(text))).toEqual([]);
});
