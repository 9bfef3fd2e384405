import { VOICE_FEATURES, type VoiceFeature } from '../../../main/contract/voice-features.ts';
import { deviations, vectorOf, type VoiceModelWeights } from '../../../main/domain/voice-cues/voice-model.ts';
import type { CorpusVoices, FeatureTable } from './corpus-features.ts';
import { EMOTIONS, labelOf } from './emodb.ts';
import { trainKernelNetwork } from './train-kernel-network.ts';
import { trainNetwork, type Example } from './train-network.ts';

/** What changes when somebody turns a knob says nothing of the speaker: no measure of level is given to the model. */
const OF_LEVEL: readonly VoiceFeature[] = [
  'loudnessMean',
  'loudnessDeviation',
  'loudnessP20',
  'loudnessP50',
  'loudnessP80',
  'loudnessRange',
  'loudnessRisingSlope',
  'loudnessRisingSlopeDeviation',
  'loudnessFallingSlope',
  'loudnessFallingSlopeDeviation',
  'flux',
  'fluxV',
  'fluxUV',
  'levelDb',
];
const MODEL_FEATURES = VOICE_FEATURES.filter((name) => !OF_LEVEL.includes(name));

export interface TrainingData {
  clean: FeatureTable;
  /** Each a corpus of other speakers: their own baselines. */
  speakers: readonly FeatureTable[];
  /** The same speakers through other microphones: the baseline of the clean ones. */
  microphones: readonly FeatureTable[];
  /** What the SpeakerEncoder makes of the clean ones. */
  voices?: CorpusVoices | undefined;
}

export interface TrainingOptions {
  /** Speakers to learn from. */
  speakers: readonly string[];
  networks?: number;
  centres?: number;
  kernelDecay?: number;
  kernelEpochs?: number;
  kernelRate?: number;
  hidden?: number;
  epochs?: number;
  decay?: number;
  priorTurns?: number;
  seed?: number;
}

/** A class counts as if it had at least this many examples: few examples must not weigh too much. */
const LEAST_PER_CLASS = 8;

/** A model without calibration and thresholds, which are found on speakers that it has not seen. */
export function trainModel(data: TrainingData, options: TrainingOptions): VoiceModelWeights {
  const { speakers, networks = 4, hidden = 16, epochs = 20, decay = 1, priorTurns = 3, seed = 1 } = options;
  const { centres = 300, kernelDecay = 0.003, kernelEpochs = 20, kernelRate = 0.03 } = options;
  const names = Object.keys(data.clean).filter((name) => speakers.includes(labelOf(name).speaker));
  const vectors = (table: FeatureTable, of: readonly string[]): number[][] =>
    of.map((name) => vectorOf({ features: MODEL_FEATURES }, table[name]!));
  const bySpeaker = speakers.map((speaker) => names.filter((name) => labelOf(name).speaker === speaker));
  const means = bySpeaker.map((own) => meanOf(vectors(data.clean, own)));
  const withinDeviation = pooledDeviation(bySpeaker.map((own) => vectors(data.clean, own)));
  const weights: VoiceModelWeights = {
    features: MODEL_FEATURES,
    priorMean: meanOf(vectors(data.clean, names)).map(rounded),
    withinDeviation: withinDeviation.map(rounded),
    priorTurns,
    arousalShift: [],
    classes: EMOTIONS.map(({ name, aroused, pleasant }) => ({ name, aroused, pleasant })),
    networks: [],
    arousalLayer: { weights: [], biases: [] },
    calibration: { arousal: { slope: 1, offset: 0 }, valence: { slope: 1, offset: 0 } },
    threshold: { arousal: 0, valence: 0 },
    baselineTurns: 0,
    strangeDistance: Infinity,
    speaker: { features: [], deviation: [], farDistance: Infinity },
  };
  const counts = EMOTIONS.map((_, emotion) => names.filter((name) => labelOf(name).emotion === emotion).length);
  const examples: Example[] = [];
  const add = (table: FeatureTable, own: readonly string[], mean: readonly number[]): void => {
    vectors(table, own).forEach((vector, i) => {
      const target = labelOf(own[i]!).emotion;
      const half = EMOTIONS.filter(({ aroused }) => aroused === EMOTIONS[target]!.aroused).length;
      const weight = names.length / 2 / half / Math.max(LEAST_PER_CLASS, counts[target]!);
      examples.push({ input: deviations(weights, vector, mean), target, weight });
    });
  };
  bySpeaker.forEach((own, s) => {
    add(data.clean, own, means[s]!);
    for (const table of data.speakers) add(table, own, meanOf(vectors(table, own)));
    for (const table of data.microphones) add(table, own, means[s]!);
  });
  const shift = arousalShift(examples);
  const classes = EMOTIONS.length;
  const halves = examples.map((example) => ({ ...example, target: EMOTIONS[example.target]!.aroused ? 1 : 0 }));
  return {
    ...weights,
    arousalShift: shift.map(rounded),
    arousalLayer: trainNetwork(halves, { classes: 2, hidden: 0, epochs, decay: 10, rate: 0.005, seed })[0]!,
    networks: [
      ...(centres > 0
        ? [
            trainKernelNetwork(examples, {
              classes,
              centres,
              decay: kernelDecay,
              epochs: kernelEpochs,
              rate: kernelRate,
              seed,
            }),
          ]
        : []),
      ...Array.from({ length: networks }, (_, i) => ({
        layers: trainNetwork(examples, { classes, hidden, epochs, decay, seed: seed * 100 + i + 1 }),
      })),
    ],
  };
}

/** Mean of the aroused less mean of the others. */
function arousalShift(examples: readonly Example[]): number[] {
  const of = (aroused: boolean): number[] =>
    meanOf(examples.filter(({ target }) => EMOTIONS[target]!.aroused === aroused).map(({ input }) => input));
  const [high, low] = [of(true), of(false)];
  return high.map((value, i) => value - low[i]!);
}

export function meanOf(vectors: readonly (readonly number[])[]): number[] {
  const sum = vectors[0]!.map(() => 0);
  for (const vector of vectors) vector.forEach((value, i) => (sum[i]! += value));
  return sum.map((value) => value / vectors.length);
}

/** Deviation from each group's own mean. */
export function pooledDeviation(groups: readonly (readonly (readonly number[])[])[]): number[] {
  const squares = groups[0]![0]!.map(() => 0);
  for (const group of groups) {
    const mean = meanOf(group);
    for (const vector of group) {
      vector.forEach((value, i) => (squares[i]! += (value - mean[i]!) ** 2 / group.length / groups.length));
    }
  }
  return squares.map((square) => Math.sqrt(square) || 1);
}

const rounded = (value: number): number => Number(value.toPrecision(5));
