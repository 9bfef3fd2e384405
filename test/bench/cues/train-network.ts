import { softmax, type DenseLayer } from '../../../main/domain/voice-cues/voice-model.ts';
import { seededRandom, shuffled } from '../../../main/evaluation/seeded-random.ts';

export interface Example {
  input: readonly number[];
  /** Index of its class. */
  target: number;
  /** How much it counts. */
  weight: number;
}

export interface NetworkOptions {
  classes: number;
  /** Units between input and output. 0: none, a multinomial logistic regression. */
  hidden: number;
  epochs: number;
  seed: number;
  /** Pull of the weights towards zero, per step, as a share of the rate (AdamW). */
  decay: number;
  /** Default 4. */
  digits?: number;
  /** Of learning, at the beginning. Default 0.002. */
  rate?: number;
}

const RATE = 2e-3;
const BATCH = 32;
const BETA1 = 0.9;
const BETA2 = 0.999;

/** A row of weights with its bias last, and Adam's averages of its gradient. */
interface Row {
  values: Float64Array;
  gradient: Float64Array;
  first: Float64Array;
  second: Float64Array;
}

/** Fits a small network by AdamW on the weighted cross entropy. The same seed gives the same network. */
export function trainNetwork(examples: readonly Example[], options: NetworkOptions): DenseLayer[] {
  const random = seededRandom(options.seed);
  const inputs = examples[0]!.input.length;
  const sizes = options.hidden > 0 ? [inputs, options.hidden, options.classes] : [inputs, options.classes];
  const layers = sizes.slice(1).map((outputs, i) => newLayer(sizes[i]!, outputs, random));
  let step = 0;
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    // Falls to a tenth over the run.
    const rate = (options.rate ?? RATE) * (1 - (0.9 * epoch) / options.epochs);
    const order = shuffled(examples, random);
    for (let from = 0; from < order.length; from += BATCH) {
      for (const example of order.slice(from, from + BATCH)) backpropagate(layers, example);
      step++;
      for (const row of layers.flat()) update(row, { rate, decay: options.decay, step });
    }
  }
  const rounded = (value: number): number => Number(value.toPrecision(options.digits ?? 4));
  return layers.map((rows) => ({
    weights: rows.map(({ values }) => Array.from(values.subarray(0, -1), rounded)),
    biases: rows.map(({ values }) => rounded(values.at(-1)!)),
  }));
}

function newLayer(inputs: number, outputs: number, random: () => number): Row[] {
  const reach = Math.sqrt(3 / inputs);
  return Array.from({ length: outputs }, () => {
    const values = Float64Array.from({ length: inputs + 1 }, (_, i) => (i < inputs ? reach * (2 * random() - 1) : 0));
    const [gradient, first, second] = [0, 0, 0].map(() => new Float64Array(inputs + 1)) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    return { values, gradient, first, second };
  });
}

function backpropagate(layers: readonly Row[][], { input, target, weight }: Example): void {
  const activations: ArrayLike<number>[] = [input];
  layers.forEach((rows, depth) => {
    const from = activations[depth]!;
    const sums = rows.map(({ values }) => {
      let sum = values.at(-1)!;
      for (let j = 0; j < from.length; j++) sum += values[j]! * from[j]!;
      return sum;
    });
    activations.push(depth === layers.length - 1 ? softmax(sums) : sums.map(Math.tanh));
  });
  const output = activations.at(-1)!;
  let errors = Array.from(output, (p, i) => weight * (p - (i === target ? 1 : 0)));
  for (let depth = layers.length - 1; depth >= 0; depth--) {
    const from = activations[depth]!;
    const before = new Array<number>(from.length).fill(0);
    layers[depth]!.forEach(({ values, gradient }, i) => {
      const error = errors[i]!;
      for (let j = 0; j < from.length; j++) {
        gradient[j]! += error * from[j]!;
        before[j]! += error * values[j]!;
      }
      gradient[from.length]! += error;
    });
    errors = before.map((error, j) => error * (1 - from[j]! ** 2));
  }
}

function update(row: Row, { rate, decay, step }: { rate: number; decay: number; step: number }): void {
  const { values, gradient, first, second } = row;
  for (let i = 0; i < values.length; i++) {
    const slope = gradient[i]! / BATCH;
    first[i] = BETA1 * first[i]! + (1 - BETA1) * slope;
    second[i] = BETA2 * second[i]! + (1 - BETA2) * slope * slope;
    const isBias = i === values.length - 1;
    values[i]! -=
      (rate * (first[i]! / (1 - BETA1 ** step))) / (Math.sqrt(second[i]! / (1 - BETA2 ** step)) + 1e-8) +
      (isBias ? 0 : rate * decay * values[i]!);
  }
  gradient.fill(0);
}
