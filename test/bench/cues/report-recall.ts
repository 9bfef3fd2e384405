import { vectorOf, type VoiceModelWeights } from '../../../main/domain/voice-cues/voice-model.ts';
import { deviations, estimate, type RawEstimate } from '../../../main/domain/voice-cues/voice-model.ts';
import { meanOf } from './train-model.ts';
import { arousalRecall, emotionRecall, hearInOrder, valenceRecall, type Prediction } from './evaluate.ts';
import { BASELINE_TURNS, fitModel, type ModelShelf } from './fit-model.ts';
import { labelOf } from './emodb.ts';
import type { FeatureTable } from './corpus-features.ts';
import { openSmileFeatures } from './known-features.ts';
import { openSmileSvm } from './open-smile-svm.ts';

export const percent = (share: number): string => share.toFixed(3);
const ORDERS = 5;

export interface LeftOut {
  speaker: string;
  model: VoiceModelWeights;
  told: (Prediction & { isSure: boolean })[];
}

/** Every speaker judged by a model, calibration and threshold that have seen only the others. */
export function leaveSpeakersOut(shelf: ModelShelf, orders = ORDERS): LeftOut[] {
  return shelf.speakers.map((speaker) => {
    const model = fitModel(shelf, [speaker]);
    const names = shelf.names(speaker);
    const told = Array.from({ length: orders }, (_, seed) =>
      hearInOrder(model, { table: shelf.data.clean, names, seed: 10 + seed }),
    ).flat();
    const isSure = ({ lean }: Prediction): boolean => Math.abs(lean) >= model.threshold.arousal;
    return { speaker, model, told: told.map((each) => ({ ...each, isSure: isSure(each) })) };
  });
}

export function recallLines(folds: readonly LeftOut[]): string[] {
  const told = folds.flatMap((fold) => fold.told);
  const lines = ['arousal high/low, unweighted average recall, by turns heard before (5 random orders a speaker):'];
  for (const [from, to] of [
    [0, 1],
    [1, 3],
    [3, 6],
    [6, 10],
    [10, 20],
    [20, 99],
  ] as const) {
    const those = told.filter(({ heard }) => heard >= from && heard < to);
    lines.push(`  ${from}–${to - 1}: ${percent(arousalRecall(those))} (${those.length})`);
  }
  const settled = told.filter(({ heard }) => heard >= BASELINE_TURNS);
  const sure = settled.filter(({ isSure }) => isSure);
  lines.push(
    `with a baseline (${BASELINE_TURNS} turns and more): ${percent(arousalRecall(settled))} (target 0.93)`,
    `of these, where it does not abstain: ${percent(arousalRecall(sure))} at coverage ${percent(sure.length / settled.length)} (target 0.97 at 0.7)`,
    `by speaker: ${folds.map(({ speaker, told: own }) => `${speaker} ${percent(arousalRecall(own.filter(({ heard }) => heard >= BASELINE_TURNS)))}`).join(', ')}`,
    `valence ${percent(valenceRecall(settled))}, seven classes ${percent(emotionRecall(settled))}`,
  );
  for (const knowsSpeaker of [false, true]) {
    const { arousal, valence, emotion } = openSmileSvm(openSmileFeatures(), { knowsSpeaker });
    const name = knowsSpeaker ? 'all of the speaker known' : 'not normalised';
    lines.push(
      `openSMILE eGeMAPSv02 + linear SVM, ${name}: arousal ${percent(arousal)}, valence ${percent(valence)}, seven classes ${percent(emotion)}`,
    );
  }
  return lines;
}

/** How often what is said with some certainty is so, and the expected calibration error, both sides weighing the same. */
export function calibrationLines(folds: readonly LeftOut[]): string[] {
  const told = folds.flatMap((fold) => fold.told).filter(({ heard }) => heard >= BASELINE_TURNS);
  const high = told.filter(({ aroused }) => aroused).length;
  const weightOf = ({ aroused }: Prediction): number => told.length / 2 / (aroused ? high : told.length - high);
  const lines = ['said probability of high arousal → how often it was so (share of turns):'];
  let error = 0;
  for (let from = 0; from < 1; from += 0.1) {
    const bin = told.filter(({ arousal }) => arousal >= from && arousal < from + 0.1 + (from > 0.85 ? 1 : 0));
    if (bin.length === 0) continue;
    const weight = bin.reduce((sum, each) => sum + weightOf(each), 0);
    const said = bin.reduce((sum, each) => sum + weightOf(each) * each.arousal, 0) / weight;
    const was = bin.reduce((sum, each) => sum + (each.aroused ? weightOf(each) : 0), 0) / weight;
    error += (weight / told.length) * Math.abs(said - was);
    lines.push(`  ${said.toFixed(2)} → ${was.toFixed(2)} (${percent(bin.length / told.length)})`);
  }
  return [...lines, `expected calibration error ${percent(error)}`];
}

/** The same clips through a microphone that no model has seen, against the baseline of the clean ones. */
export function microphoneLines(folds: readonly LeftOut[], clean: FeatureTable, other: FeatureTable): string[] {
  let [calls, kept, all, right] = [0, 0, 0, 0];
  for (const { speaker, model } of folds) {
    const names = Object.keys(clean).filter((name) => labelOf(name).speaker === speaker);
    const mean = meanOf(names.map((name) => vectorOf(model, clean[name]!)));
    const judge = (table: FeatureTable, name: string): RawEstimate =>
      estimate(model, deviations(model, vectorOf(model, table[name]!), mean));
    for (const name of names) {
      const [before, after] = [judge(clean, name), judge(other, name)];
      all++;
      if (after.arousal > 0.5 === labelOf(name).aroused) right++;
      if (before.lean >= model.threshold.arousal) continue;
      calls++;
      if (after.lean < model.threshold.arousal) kept++;
    }
  }
  return [
    `clips not called tense: ${calls}; through another microphone and gain still not: ${percent(kept / calls)} (target 0.9); right about high/low ${percent(right / all)}`,
  ];
}
