import type { VoiceFeature, VoiceFeatures } from '../../contract/voice-features.ts';
import type { SpeakerVoiceWeights } from './speaker-likeness.ts';

/** One layer: `weights[output][input]`. All but the last are followed by tanh. */
export interface DenseLayer {
  weights: readonly (readonly number[])[];
  biases: readonly number[];
}

/** Layers over the deviations themselves, or over how alike they are to each of some examples: exp(−width · squared distance). */
export interface Network {
  examples?: { centres: readonly (readonly number[])[]; width: number };
  layers: readonly DenseLayer[];
}

/** What training writes (docs/voice-cues.md says from what and how). */
export interface VoiceModelWeights {
  features: readonly VoiceFeature[];
  /** Mean over the training speakers: what a speaker is taken for who was not heard yet. */
  priorMean: readonly number[];
  /** Deviation of a feature within one speaker. */
  withinDeviation: readonly number[];
  /** How much the prior weighs, in turns. */
  priorTurns: number;
  /** From low to high arousal, in within-speaker deviations. */
  arousalShift: readonly number[];
  classes: readonly { name: string; aroused: boolean; pleasant: boolean }[];
  /** Networks of the ensemble; their probabilities are averaged. */
  networks: readonly Network[];
  /** Low and high arousal, a logistic regression: what is asked for alone is learned a little better. Its logit and the classes' count the same. */
  arousalLayer: DenseLayer;
  /** logit → a · logit + b: so that what is said with 0.9 is right nine times in ten (on speakers not trained on). */
  calibration: { arousal: Calibration; valence: Calibration };
  /** Less sure than this is unclear: of arousal |lean|, of valence |p − 0.5|. */
  threshold: { arousal: number; valence: number };
  /** Turns until a baseline is reliable. */
  baselineTurns: number;
  /** Root mean square of the deviations of a turn from its speaker: what is further off than nearly all of the training speech is none. */
  strangeDistance: number;
  /** Distance between speakers, on the features that arousal changes least. */
  speaker: {
    features: readonly VoiceFeature[];
    deviation: readonly number[];
    farDistance: number;
    /** For where voices are encoded, which tells speakers apart much better. */
    voice?: SpeakerVoiceWeights | undefined;
  };
}
export interface Calibration {
  slope: number;
  offset: number;
}

export interface RawEstimate {
  /** Probability of each class, in the model's order. */
  classes: number[];
  /** Calibrated probabilities. */
  arousal: number;
  valence: number;
  /**
   * Log-odds of high arousal before calibration. Calibration moves the middle to where as many low turns are taken for high as the other way round,
   * which serves those that lie there; the turns that are sure to be right lie to both sides of where it was (docs/voice-cues.md).
   */
  lean: number;
}

/** Deviations further out say no more than this many. */
const MAX_DEVIATION = 4;
/** So that nothing is said with all certainty. */
const LEAST_SHARE = 1e-4;

/** Deviations of a turn from the speaker's mean, in the model's order of features. */
export function deviations(weights: VoiceModelWeights, vector: readonly number[], mean: readonly number[]): number[] {
  return vector.map((value, i) => {
    const deviation = (value - mean[i]!) / weights.withinDeviation[i]!;
    return Math.max(-MAX_DEVIATION, Math.min(MAX_DEVIATION, deviation));
  });
}

export function vectorOf(weights: Pick<VoiceModelWeights, 'features'>, features: VoiceFeatures): number[] {
  return weights.features.map((name) => features[name]);
}

/** From deviations. */
export function estimate(weights: VoiceModelWeights, input: readonly number[]): RawEstimate {
  const classes = weights.classes.map(() => 0);
  for (const network of weights.networks) {
    softmax(throughNetwork(network, input)).forEach((p, i) => (classes[i]! += p / weights.networks.length));
  }
  const sum = (isIn: (each: VoiceModelWeights['classes'][number]) => boolean): number =>
    weights.classes.reduce((total, each, i) => total + (isIn(each) ? classes[i]! : 0), 0);
  const lean = meanLogit(
    sum(({ aroused }) => aroused),
    softmax(throughNetwork({ layers: [weights.arousalLayer] }, input))[1]!,
  );
  return {
    classes,
    arousal: calibrated(1 / (1 + Math.exp(-lean)), weights.calibration.arousal),
    lean,
    valence: calibrated(
      sum(({ pleasant }) => pleasant),
      weights.calibration.valence,
    ),
  };
}

function meanLogit(one: number, other: number): number {
  const logit = (p: number): number => Math.log((p + LEAST_SHARE) / (1 - p + LEAST_SHARE));
  return (logit(one) + logit(other)) / 2;
}

export function calibrated(probability: number, { slope, offset }: Calibration): number {
  const p = Math.min(1 - 1e-6, Math.max(1e-6, probability));
  return 1 / (1 + Math.exp(-(slope * Math.log(p / (1 - p)) + offset)));
}

export function likeness({ centres, width }: NonNullable<Network['examples']>, input: readonly number[]): number[] {
  return centres.map((centre) => {
    let square = 0;
    for (let i = 0; i < centre.length; i++) square += (centre[i]! - input[i]!) ** 2;
    return Math.exp(-width * square);
  });
}

function throughNetwork({ examples, layers }: Network, input: readonly number[]): number[] {
  let values: readonly number[] = examples ? likeness(examples, input) : input;
  layers.forEach(({ weights, biases }, depth) => {
    const isLast = depth === layers.length - 1;
    const from = values;
    values = weights.map((row, i) => {
      let sum = biases[i]!;
      for (let j = 0; j < row.length; j++) sum += row[j]! * from[j]!;
      return isLast ? sum : Math.tanh(sum);
    });
  });
  return [...values];
}

export function softmax(values: readonly number[]): number[] {
  const largest = Math.max(...values);
  const exponentials = values.map((value) => Math.exp(value - largest));
  const sum = exponentials.reduce((total, value) => total + value, 0);
  return exponentials.map((value) => value / sum);
}
