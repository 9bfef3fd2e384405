const BLOCK = 128;
const fround = Math.fround;

/**
 * Sum in float32 in the order that NumPy adds (halves down to blocks of 128, eight running sums in a block). Smart Turn's
 * reference takes mean and variance this way, and one unit in the last place of the mean moved a probability from 0.86 to 0.73.
 */
export function pairwiseSum(values: Float32Array, from = 0, count = values.length): number {
  if (count <= BLOCK) return blockSum(values, from, count);
  const half = count >> 1;
  const left = half - (half % 8);
  return fround(pairwiseSum(values, from, left) + pairwiseSum(values, from + left, count - left));
}

function blockSum(values: Float32Array, from: number, count: number): number {
  const end = from + count;
  let at = from;
  let sum = 0;
  if (count >= 8) {
    const lanes = Float32Array.from(values.subarray(from, from + 8));
    for (at += 8; at + 8 <= end; at += 8) for (let j = 0; j < 8; j++) lanes[j]! += values[at + j]!;
    const quarter = (i: number) => fround(lanes[i]! + lanes[i + 1]!);
    sum = fround(fround(quarter(0) + quarter(2)) + fround(quarter(4) + quarter(6)));
  }
  for (; at < end; at++) sum = fround(sum + values[at]!);
  return sum;
}
