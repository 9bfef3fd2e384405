/** Statistics over the frames of an utterance, as eGeMAPS takes them. Values that are not there are NaN. */

/** Mean of each value and its neighbours; what is missing stays missing and is left out of its neighbours' means. */
export function smoothed(values: Float64Array): Float64Array {
  return values.map((value, i) => {
    if (Number.isNaN(value)) return value;
    let [sum, count] = [0, 0];
    for (let j = Math.max(0, i - 1); j <= Math.min(values.length - 1, i + 1); j++) {
      if (Number.isNaN(values[j]!)) continue;
      sum += values[j]!;
      count++;
    }
    return sum / count;
  });
}

export function present(values: Float64Array): Float64Array {
  return values.filter((value) => !Number.isNaN(value));
}

/** 0 of nothing. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return values.length === 0 ? 0 : sum / values.length;
}

export function deviation(values: ArrayLike<number>): number {
  const middle = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - middle) ** 2;
  return values.length === 0 ? 0 : Math.sqrt(sum / values.length);
}

/** `share` 0…1 of sorted values, interpolated. */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) return 0;
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(sorted.length - 1, below + 1);
  return sorted[below]! + (at - below) * (sorted[above]! - sorted[below]!);
}

export interface Swings {
  /** Peaks that stand out by a tenth of the range. */
  peaks: number;
  /** Slopes between a low and the next high, and between a high and the next low, per frame. */
  rising: number[];
  falling: number[];
}

/** The ups and downs of a contour without gaps; swings of less than a tenth of its range do not count. */
export function swings(values: ArrayLike<number>): Swings {
  const found: Swings = { peaks: 0, rising: [], falling: [] };
  if (values.length < 3) return found;
  let [least, most] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    least = Math.min(least, values[i]!);
    most = Math.max(most, values[i]!);
  }
  const threshold = 0.1 * (most - least);
  let direction: 1 | -1 | 0 = 0;
  let [low, high] = [0, 0];
  for (let i = 1; i < values.length; i++) {
    const value = values[i]!;
    if (direction >= 0 && value > values[high]!) high = i;
    if (direction <= 0 && value < values[low]!) low = i;
    if (direction >= 0 && values[high]! - value > threshold) {
      if (high > low) found.rising.push((values[high]! - values[low]!) / (high - low));
      found.peaks++;
      direction = -1;
      low = i;
    } else if (direction <= 0 && value - values[low]! > threshold) {
      if (low > high) found.falling.push((values[low]! - values[high]!) / (low - high));
      direction = 1;
      high = i;
    }
  }
  return found;
}

/** Lengths in frames of the stretches where `isIn` holds, and of those where it does not. */
export function stretches(isIn: readonly boolean[]): { inside: number[]; outside: number[] } {
  const found: { inside: number[]; outside: number[] } = { inside: [], outside: [] };
  let begun = 0;
  for (let i = 1; i <= isIn.length; i++) {
    if (i < isIn.length && isIn[i] === isIn[begun]) continue;
    (isIn[begun] ? found.inside : found.outside).push(i - begun);
    begun = i;
  }
  return found;
}
