import { SpeakerBaseline } from '../../../main/domain/voice-cues/speaker-baseline.ts';
import { deviations, estimate, vectorOf, type VoiceModelWeights } from '../../../main/domain/voice-cues/voice-model.ts';
import { seededRandom, shuffled } from '../../../main/evaluation/seeded-random.ts';
import type { FeatureTable } from './corpus-features.ts';
import { labelOf, type Label } from './emodb.ts';

/** What the model said of a clip when its speaker had been heard that many times before. */
export interface Prediction extends Label {
  name: string;
  heard: number;
  arousal: number;
  valence: number;
  lean: number;
  /** The likeliest class. */
  guess: number;
}

/** The clips of a speaker in a random order, each judged by what was heard before it and nothing else; no label is used. */
export function hearInOrder(
  weights: VoiceModelWeights,
  { table, names, seed }: { table: FeatureTable; names: readonly string[]; seed: number },
): Prediction[] {
  let baseline = new SpeakerBaseline(weights);
  return shuffled(names, seededRandom(seed + 1)).map((name, heard) => {
    const vector = vectorOf(weights, table[name]!);
    const { arousal, valence, lean, classes } = estimate(weights, deviations(weights, vector, baseline.mean));
    baseline = baseline.with({ vector, levelDb: table[name]!.levelDb });
    return { name, heard, arousal, valence, lean, guess: classes.indexOf(Math.max(...classes)), ...labelOf(name) };
  });
}

/** Mean over the classes of the share that was recognised. */
export function unweightedRecall(answers: readonly { truth: unknown; answer: unknown }[]): number {
  const classes = [...new Set(answers.map(({ truth }) => truth))];
  const recalls = classes.map((each) => {
    const of = answers.filter(({ truth }) => truth === each);
    return of.filter(({ answer }) => answer === each).length / of.length;
  });
  return recalls.reduce((sum, recall) => sum + recall, 0) / classes.length;
}

export const arousalRecall = (predictions: readonly Prediction[]): number =>
  unweightedRecall(predictions.map(({ aroused, arousal }) => ({ truth: aroused, answer: arousal > 0.5 })));
export const valenceRecall = (predictions: readonly Prediction[]): number =>
  unweightedRecall(predictions.map(({ pleasant, valence }) => ({ truth: pleasant, answer: valence > 0.5 })));
export const emotionRecall = (predictions: readonly Prediction[]): number =>
  unweightedRecall(predictions.map(({ emotion, guess }) => ({ truth: emotion, answer: guess })));
