import type { Interval } from '../../../main/contract/evaluation-report.ts';

/** Where a figure and its interval lie in a picture. */
export function placed({ low, value, high }: Interval, scale: (value: number) => number): Interval {
  return { low: scale(low), value: scale(value), high: scale(high) };
}
