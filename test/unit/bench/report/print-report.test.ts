import { expect, test } from 'vitest';
import { figure, resultLines } from '../../../bench/report/print-report.ts';
import { statisticsOf } from '../../../../main/evaluation/scoring/statistics.ts';

test('a figure comes with its count and its range', () => {
  expect(figure(statisticsOf([100, 200, 300]))).toBe('p50 200 p95 290 (n=3, 100…300)');
  expect(figure(statisticsOf([0.5]), 2)).toBe('p50 0.50 p95 0.50 (n=1, 0.50…0.50)');
  expect(figure(statisticsOf([]))).toBe('– (n=0)');
});

test('only what was asked for is shown, with its definition', () => {
  const cold = { firstEverMs: 3000.4, laterMs: statisticsOf([2000]) };
  const lines = resultLines({ cold }, new Set(['cold', 'idle']));
  expect(lines.join('\n')).toContain('first ever 3000 ms; later p50 2000');
  expect(lines.at(-1)).toContain('"Parley is listening"');
  expect(resultLines({ cold }, new Set(['idle']))).toEqual([]);
});
