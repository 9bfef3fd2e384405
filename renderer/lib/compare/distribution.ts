/** Points of an empirical cumulative distribution: at `x`, the share `y` of all values is reached. */
export interface EcdfPoint {
  x: number;
  y: number;
}

/** Steps from (first value, 0) to (last value, 1), two points a step. */
export function ecdf(values: readonly number[]): EcdfPoint[] {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted.flatMap((x, i) => [
    { x, y: i / sorted.length },
    { x, y: (i + 1) / sorted.length },
  ]);
}

/** Round numbers from 0 to at least `max`, four to seven of them. */
export function ticksTo(max: number): number[] {
  const rough = Math.max(max, 1e-9) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((each) => each * power).find((each) => each >= rough)!;
  const count = Math.ceil(max / step - 1e-9);
  return Array.from({ length: Math.max(1, count) + 1 }, (_, i) => Number((i * step).toPrecision(6)));
}

/** From a value to a place, both linear. */
export function linear(from: number, to: number, start: number, end: number): (value: number) => number {
  const span = to - from || 1;
  return (value) => start + ((value - from) / span) * (end - start);
}
