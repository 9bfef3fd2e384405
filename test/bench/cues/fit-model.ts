import type { VoiceFeature } from '../../../main/contract/voice-features.ts';
import { rootMeanSquare, speakerDistance } from '../../../main/domain/voice-cues/judge-voice.ts';
import { SpeakerBaseline } from '../../../main/domain/voice-cues/speaker-baseline.ts';
import {
  deviations,
  vectorOf,
  type Calibration,
  type VoiceModelWeights,
} from '../../../main/domain/voice-cues/voice-model.ts';
import { labelOf } from './emodb.ts';
import { arousalRecall, hearInOrder, unweightedRecall, type Prediction } from './evaluate.ts';
import { fitSpeakerVoice } from './fit-speaker.ts';
import { meanOf, pooledDeviation, trainModel, type TrainingData } from './train-model.ts';

/** From the curve of recall by turns heard (docs/voice-cues.md): it rises until about here. */
export const BASELINE_TURNS = 6;
/** What is not held back shall be right as often as this, on speakers that were left out … */
const WANTED_RECALL = 0.992;
/** … and at most so much is held back for it. */
const MOST_HELD_BACK = 0.3;
const SPEAKER_FEATURES = 12;
/** Share of a speaker's own turns that may be taken for somebody else's, or for no speech. */
const FALSE_STRANGERS = 0.02;

/** Trained models by the speakers that they have not seen: folds within folds need the same ones twice. */
export class ModelShelf {
  readonly data: TrainingData;
  readonly speakers: readonly string[];
  readonly #models = new Map<string, VoiceModelWeights>();

  constructor(data: TrainingData) {
    this.data = data;
    this.speakers = [...new Set(Object.keys(data.clean).map((name) => labelOf(name).speaker))].sort();
  }

  without(...left: string[]): VoiceModelWeights {
    const key = [...left].sort().join();
    let model = this.#models.get(key);
    if (!model) {
      model = trainModel(this.data, { speakers: this.speakers.filter((speaker) => !left.includes(speaker)) });
      this.#models.set(key, model);
    }
    return model;
  }

  names(speaker: string): string[] {
    return Object.keys(this.data.clean).filter((name) => labelOf(name).speaker === speaker);
  }
}

/**
 * A model that has not seen the speakers `left`, with calibration, thresholds and limits from folds among the others only: each of those is judged by
 * a model that has seen neither.
 */
export function fitModel(shelf: ModelShelf, left: readonly string[]): VoiceModelWeights {
  const model = shelf.without(...left);
  const others = shelf.speakers.filter((speaker) => !left.includes(speaker));
  const told = others.flatMap((speaker) => {
    const unseen = shelf.without(...left, speaker);
    return [1, 2].flatMap((seed) =>
      hearInOrder(unseen, { table: shelf.data.clean, names: shelf.names(speaker), seed }),
    );
  });
  const settled = told.filter(({ heard }) => heard >= BASELINE_TURNS);
  const calibration = {
    arousal: calibrate(settled.map(({ arousal, aroused }) => ({ p: arousal, truth: aroused }))),
    valence: calibrate(settled.map(({ valence, pleasant }) => ({ p: valence, truth: pleasant }))),
  };
  const calibratedTold = settled.map((each) => ({
    ...each,
    arousal: apply(calibration.arousal, each.arousal),
    valence: apply(calibration.valence, each.valence),
  }));
  const { voices } = shelf.data;
  const speaker = {
    ...speakerFeatures(shelf, others, model),
    ...(voices ? { voice: fitSpeakerVoice(voices, others) } : {}),
  };
  const fitted: VoiceModelWeights = {
    ...model,
    calibration,
    threshold: {
      arousal: arousalThreshold(calibratedTold),
      valence: valenceThreshold(calibratedTold),
    },
    baselineTurns: BASELINE_TURNS,
    speaker,
  };
  const limits = distancesOf(fitted, shelf, others);
  return {
    ...fitted,
    strangeDistance: round(quantile(limits.strange, 1 - FALSE_STRANGERS) * 1.15),
    speaker: { ...speaker, farDistance: round(quantile(limits.speaker, 1 - FALSE_STRANGERS)) },
  };
}

/** Platt's scaling with both sides weighing the same, by gradient descent. */
function calibrate(points: readonly { p: number; truth: boolean }[]): Calibration {
  const logit = (p: number): number => Math.log(Math.max(1e-6, p) / Math.max(1e-6, 1 - p));
  const share = points.filter(({ truth }) => truth).length / points.length;
  let [slope, offset] = [1, 0];
  for (let round = 0; round < 3000; round++) {
    let [gradientSlope, gradientOffset] = [0, 0];
    for (const { p, truth } of points) {
      const x = logit(p);
      const error = 1 / (1 + Math.exp(-(slope * x + offset))) - (truth ? 1 : 0);
      const weight = (truth ? 0.5 / share : 0.5 / (1 - share)) / points.length;
      gradientSlope += weight * error * x;
      gradientOffset += weight * error;
    }
    slope -= 0.3 * gradientSlope;
    offset -= 0.3 * gradientOffset;
  }
  return { slope: round(slope), offset: round(offset) };
}

const apply = ({ slope, offset }: Calibration, p: number): number => {
  const q = Math.min(1 - 1e-6, Math.max(1e-6, p));
  return 1 / (1 + Math.exp(-(slope * Math.log(q / (1 - q)) + offset)));
};

/** The least that brings the wanted recall, within what may be held back. */
function arousalThreshold(told: readonly Prediction[]): number {
  const sure = told.map(({ lean }) => Math.abs(lean));
  for (let held = 0; held < MOST_HELD_BACK; held += 0.02) {
    const threshold = quantile(sure, held);
    const kept = told.filter(({ lean }) => Math.abs(lean) >= threshold);
    if (arousalRecall(kept) >= WANTED_RECALL) return round(threshold);
  }
  return round(quantile(sure, MOST_HELD_BACK));
}

/** Valence is said only where it was right four times in five. */
function valenceThreshold(told: readonly Prediction[]): number {
  for (let threshold = 0.1; threshold < 0.45; threshold += 0.02) {
    const kept = told.filter(({ valence }) => Math.abs(valence - 0.5) >= threshold);
    const recall = unweightedRecall(kept.map(({ pleasant, valence }) => ({ truth: pleasant, answer: valence > 0.5 })));
    if (recall >= 0.8) return round(threshold);
  }
  return 0.45;
}

/** The features in which speakers differ most for how much each of them changes, arousal apart. */
function speakerFeatures(
  shelf: ModelShelf,
  speakers: readonly string[],
  model: VoiceModelWeights,
): VoiceModelWeights['speaker'] {
  const groups = speakers.map((speaker) =>
    shelf.names(speaker).map((name) => {
      const sign = labelOf(name).aroused ? 0.5 : -0.5;
      const vector = vectorOf(model, shelf.data.clean[name]!);
      return vector.map((value, i) => value - sign * model.arousalShift[i]! * model.withinDeviation[i]!);
    }),
  );
  const within = pooledDeviation(groups);
  const between = pooledDeviation([groups.map(meanOf)]);
  const ranked = model.features.map((name, i) => ({ name, i, ratio: between[i]! / within[i]! }));
  const best = ranked.sort((a, b) => b.ratio - a.ratio).slice(0, SPEAKER_FEATURES);
  return {
    features: best.map(({ name }): VoiceFeature => name),
    deviation: best.map(({ i }) => round(within[i]!)),
    farDistance: Infinity,
  };
}

/** How far the turns of a speaker lie from what was heard of them before. */
function distancesOf(model: VoiceModelWeights, shelf: ModelShelf, speakers: readonly string[]) {
  const strange: number[] = [];
  const speaker: number[] = [];
  for (const own of speakers) {
    let baseline = new SpeakerBaseline(model);
    for (const name of shelf.names(own)) {
      const features = shelf.data.clean[name]!;
      const vector = vectorOf(model, features);
      if (baseline.turns.length >= BASELINE_TURNS) {
        strange.push(rootMeanSquare(deviations(model, vector, baseline.mean)));
        speaker.push(speakerDistance(model, vector, baseline.mean));
      }
      baseline = baseline.with({ vector, levelDb: features.levelDb });
    }
  }
  return { strange, speaker };
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}

const round = (value: number): number => Number(value.toPrecision(4));
