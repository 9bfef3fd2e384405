export interface Statistics {
  n: number;
  p50: number | null;
  p95: number | null;
  min: number | null;
  max: number | null;
  mean: number | null;
}

/** Of the values that are there. */
export function statisticsOf(values: readonly (number | null | undefined)[]): Statistics {
  const sorted = values.filter((value) => value !== null && value !== undefined).sort((a, b) => a - b);
  const n = sorted.length;
  if (n === 0) return { n, p50: null, p95: null, min: null, max: null, mean: null };
  return {
    n,
    p50: percentile(sorted, 50),
    p95: percentile(sorted, 95),
    min: sorted[0]!,
    max: sorted[n - 1]!,
    mean: sorted.reduce((sum, value) => sum + value, 0) / n,
  };
}

/** Interpolated linearly between neighbours, as is the custom of numerical libraries. */
function percentile(sorted: readonly number[], percent: number): number {
  const rank = ((sorted.length - 1) * percent) / 100;
  const below = Math.floor(rank);
  const lower = sorted[below]!;
  const upper = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return lower + (upper - lower) * (rank - below);
}
