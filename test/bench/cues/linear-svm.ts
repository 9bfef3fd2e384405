import { seededRandom, shuffled } from '../../../main/evaluation/seeded-random.ts';

const ROUNDS = 200;

/** A linear support vector machine (L1 loss), by dual coordinate descent (Hsieh et al. 2008). Returns its decision function. */
export function linearSvm(
  examples: readonly { input: readonly number[]; positive: boolean }[],
  { cost }: { cost: number },
): (input: readonly number[]) => number {
  const size = examples[0]!.input.length;
  const weights = new Float64Array(size + 1);
  const alphas = new Float64Array(examples.length);
  const positives = examples.filter(({ positive }) => positive).length;
  // As "balanced": both sides may cost the same in all.
  const costs = examples.map(
    ({ positive }) => (cost * examples.length) / 2 / (positive ? positives : examples.length - positives),
  );
  const squares = examples.map(({ input }) => input.reduce((sum, value) => sum + value * value, 1));
  const decide = (input: readonly number[]): number => {
    let sum = weights[size]!;
    for (let i = 0; i < size; i++) sum += weights[i]! * input[i]!;
    return sum;
  };
  const random = seededRandom(7);
  const indices = examples.map((_, i) => i);
  for (let round = 0; round < ROUNDS; round++) {
    for (const i of shuffled(indices, random)) {
      const { input, positive } = examples[i]!;
      const sign = positive ? 1 : -1;
      const before = alphas[i]!;
      const step = (sign * decide(input) - 1) / squares[i]!;
      alphas[i] = Math.min(costs[i]!, Math.max(0, before - step));
      const change = (alphas[i]! - before) * sign;
      for (let j = 0; j < size; j++) weights[j]! += change * input[j]!;
      weights[size]! += change;
    }
  }
  return decide;
}
