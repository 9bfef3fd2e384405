import { expect, test } from 'vitest';
import { statisticsOf } from '../../../../main/evaluation/scoring/statistics.ts';

test('percentiles are interpolated between neighbours', () => {
  const values = Array.from({ length: 11 }, (_, i) => (10 - i) * 10);
  expect(statisticsOf(values)).toEqual({ n: 11, p50: 50, p95: 95, min: 0, max: 100, mean: 50 });
  expect(statisticsOf([1, 2])).toMatchObject({ p50: 1.5, p95: 1.95 });
});

test('values that are not there are not counted', () => {
  expect(statisticsOf([null, 7, undefined])).toMatchObject({ n: 1, p50: 7, p95: 7 });
  expect(statisticsOf([null])).toEqual({ n: 0, p50: null, p95: null, min: null, max: null, mean: null });
});
