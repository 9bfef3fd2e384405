import type { Interval } from '../../contract/evaluation-report.ts';
import { seededRandom } from '../seeded-random.ts';

const RESAMPLES = 1000;
const SEED = 17;

/**
 * Percentile bootstrap over clusters: the turns of one session are not independent of one another, so sessions are drawn, not turns (turns where there
 * is one session alone: then the interval is too narrow). Null
 * where `figure` is null for the whole.
 */
export function bootstrap<T>(
  clusters: readonly (readonly T[])[],
  figure: (items: readonly T[]) => number | null,
): Interval | null {
  const value = figure(clusters.flat());
  if (value === null) return null;
  const units = clusters.length > 1 ? clusters : clusters.flat().map((item) => [item]);
  const random = seededRandom(SEED);
  const values: number[] = [];
  for (let i = 0; i < RESAMPLES; i++) {
    const drawn = units.map(() => units[Math.min(units.length - 1, Math.floor(random() * units.length))]!);
    const resampled = figure(drawn.flat());
    if (resampled !== null) values.push(resampled);
  }
  values.sort((a, b) => a - b);
  const at = (share: number): number => values[Math.round((values.length - 1) * share)] ?? value;
  return { value, low: at(0.025), high: at(0.975) };
}

/**
 * A share of yes and no, by the bootstrap over clusters. Where all say the same, resampling can only repeat it: "16 of 16" would look like
 * certainty, and gets Wilson's interval instead (which takes the items for independent of one another). Null without items.
 */
export function shareInterval(clusters: readonly (readonly boolean[])[]): Interval | null {
  const all = clusters.flat();
  const yes = all.filter(Boolean).length;
  if (all.length > 0 && (yes === 0 || yes === all.length)) return wilson(yes, all.length);
  return bootstrap(clusters, (items) => mean(items.map(Number)));
}

/** Normal quantile of 97.5%. */
const Z = 1.96;

/** 95% score interval of `yes` out of `count` (Wilson 1927). */
export function wilson(yes: number, count: number): Interval {
  const value = yes / count;
  const centre = value + Z ** 2 / (2 * count);
  const spread = Z * Math.sqrt((value * (1 - value)) / count + Z ** 2 / (4 * count ** 2));
  const scale = 1 + Z ** 2 / count;
  return { value, low: Math.max(0, (centre - spread) / scale), high: Math.min(1, (centre + spread) / scale) };
}

export interface PairedTest {
  /** Pairs of the same turn in both. */
  pairs: number;
  /** Mean of B − A. Null without pairs. */
  meanDifference: number | null;
  low: number | null;
  high: number | null;
  /** Two-sided, by flipping signs: how often chance alone gives a difference as large. 1 without pairs. */
  p: number;
  verdict: 'A is lower' | 'B is lower' | 'no difference shown';
}

const EXACT_PAIRS = 12;
const FLIPS = 4000;
const SIGNIFICANT = 0.05;

/** Is B different from A? `differences`: B − A of the same turn. */
export function signFlipTest(differences: readonly number[]): PairedTest {
  const pairs = differences.length;
  if (pairs === 0) return { pairs, meanDifference: null, low: null, high: null, p: 1, verdict: 'no difference shown' };
  const observed = Math.abs(sumOf(differences));
  const p = pairs <= EXACT_PAIRS ? exactP(differences, observed) : sampledP(differences, observed);
  const interval = bootstrap(differences.map((each) => [each]), mean)!; // prettier-ignore
  const isShown = p < SIGNIFICANT;
  const verdict = !isShown ? 'no difference shown' : interval.value > 0 ? 'A is lower' : 'B is lower';
  return { pairs, meanDifference: interval.value, low: interval.low, high: interval.high, p, verdict };
}

function exactP(differences: readonly number[], observed: number): number {
  const all = 2 ** differences.length;
  let asLarge = 0;
  for (let signs = 0; signs < all; signs++) {
    const sum = differences.reduce((total, each, i) => total + (signs & (1 << i) ? -each : each), 0);
    if (Math.abs(sum) >= observed - 1e-9) asLarge++;
  }
  return asLarge / all;
}

function sampledP(differences: readonly number[], observed: number): number {
  const random = seededRandom(SEED);
  let asLarge = 1;
  for (let i = 0; i < FLIPS; i++) {
    const sum = differences.reduce((total, each) => total + (random() < 0.5 ? -each : each), 0);
    if (Math.abs(sum) >= observed - 1e-9) asLarge++;
  }
  return asLarge / (FLIPS + 1);
}

export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : sumOf(values) / values.length;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0);
}
