import { likeness, type Network } from '../../../main/domain/voice-cues/voice-model.ts';
import { seededRandom, shuffled } from '../../../main/evaluation/seeded-random.ts';
import { trainNetwork, type Example } from './train-network.ts';

/** Width of the kernel times the number of inputs: what scikit-learn calls "scale", halved. */
const WIDTH_BY_INPUTS = 0.5;

/**
 * A multinomial logistic regression on a radial kernel, approximated by some of the examples (Nyström): the kernel between those is factorised,
 * K = L·Lᵀ, and L⁻¹·k(x) are the inputs. Afterwards L⁻¹ is folded into the weights.
 */
export function trainKernelNetwork(
  examples: readonly Example[],
  options: { classes: number; centres: number; decay: number; epochs: number; seed: number; rate?: number },
): Network {
  const chosen = shuffled(examples, seededRandom(options.seed)).slice(0, options.centres);
  const centres = chosen.map(({ input }) => input.map((value) => Math.round(100 * value) / 100));
  const kernel = { centres, width: WIDTH_BY_INPUTS / centres[0]!.length };
  const factor = cholesky(centres.map((centre) => likeness(kernel, centre)));
  const inputs = examples.map((example) => ({
    ...example,
    input: solveForward(factor, likeness(kernel, example.input)),
  }));
  const [layer] = trainNetwork(inputs, { ...options, hidden: 0, digits: 9 });
  const weights = layer!.weights.map((row) => solveBackward(factor, row).map((value) => Number(value.toPrecision(6))));
  return { examples: kernel, layers: [{ weights, biases: layer!.biases }] };
}

/** L of a positive definite matrix, a little added to its diagonal. */
function cholesky(matrix: readonly number[][]): Float64Array[] {
  const factor = matrix.map((row) => new Float64Array(row.length));
  for (let i = 0; i < matrix.length; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i]![j]! + (i === j ? 1e-3 : 0);
      for (let k = 0; k < j; k++) sum -= factor[i]![k]! * factor[j]![k]!;
      factor[i]![j] = i === j ? Math.sqrt(Math.max(1e-9, sum)) : sum / factor[j]![j]!;
    }
  }
  return factor;
}

/** x of L·x = b. */
function solveForward(factor: readonly Float64Array[], b: readonly number[]): number[] {
  const x: number[] = [];
  for (let i = 0; i < b.length; i++) {
    let sum = b[i]!;
    for (let k = 0; k < i; k++) sum -= factor[i]![k]! * x[k]!;
    x.push(sum / factor[i]![i]!);
  }
  return x;
}

/** x of Lᵀ·x = b. */
function solveBackward(factor: readonly Float64Array[], b: readonly number[]): number[] {
  const x = [...b];
  for (let i = b.length - 1; i >= 0; i--) {
    let sum = b[i]!;
    for (let k = i + 1; k < b.length; k++) sum -= factor[k]![i]! * x[k]!;
    x[i] = sum / factor[i]![i]!;
  }
  return x;
}
