import type { VoiceFeature } from '../../contract/voice-features.ts';
import type { Usual } from './evidence.ts';
import { knownVoice, type KnownVoice } from './speaker-likeness.ts';
import { deviations, estimate, type VoiceModelWeights } from './voice-model.ts';

export interface BaselineTurn {
  /** In the model's order of features. */
  vector: readonly number[];
  /** Not judged by, only shown. */
  levelDb: number;
  /** Whose voice it was like (VoiceMeasures). */
  speaker?: readonly number[] | undefined;
}

/** Turns that are remembered; older ones go. A voice changes over a day, and half an hour of talk is plenty. */
const MAX_TURNS = 60;
/** A turn counts for its speaker as if it had been said neither calm nor raised: what its arousal adds is taken off, which takes some rounds. */
const ROUNDS = 2;

/**
 * How a speaker usually sounds: the mean of what was heard so far, drawn towards the average speaker while that is little. Immutable. A baseline
 * of excited turns only would make excitement usual; so what a turn's own arousal adds (as the model sees it) is taken off before the mean.
 */
export class SpeakerBaseline {
  /** The oldest first. */
  readonly turns: readonly BaselineTurn[];
  readonly mean: readonly number[];
  /** Null when no turn says whose voice it was. */
  readonly voice: KnownVoice | null;
  readonly #weights: VoiceModelWeights;

  constructor(weights: VoiceModelWeights, turns: readonly BaselineTurn[] = []) {
    this.#weights = weights;
    this.turns = turns.slice(-MAX_TURNS);
    this.mean = this.#meanOfTurns();
    this.voice = knownVoice(this.turns.flatMap(({ speaker }) => (speaker ? [speaker] : [])));
  }

  with(turn: BaselineTurn): SpeakerBaseline {
    return new SpeakerBaseline(this.#weights, [...this.turns, turn]);
  }

  /** What people can understand of it; null before anything was heard. */
  get usual(): Usual | null {
    if (this.turns.length === 0) return null;
    const of = (name: VoiceFeature): number => this.mean[this.#weights.features.indexOf(name)]!;
    const levels = this.turns.map(({ levelDb }) => levelDb).sort((a, b) => a - b);
    return {
      f0P50: of('f0P50'),
      f0Range: of('f0Range'),
      loudnessPeaksPerSecond: of('loudnessPeaksPerSecond'),
      alphaRatioV: of('alphaRatioV'),
      levelDb: levels[Math.floor(levels.length / 2)]!,
    };
  }

  get isReliable(): boolean {
    return this.turns.length >= this.#weights.baselineTurns;
  }

  #meanOfTurns(): number[] {
    const { arousalShift, withinDeviation } = this.#weights;
    const vectors = this.turns.map(({ vector }) => vector);
    let mean = this.#shrunk(vectors);
    for (let round = 0; round < ROUNDS && vectors.length > 0; round++) {
      const arousals = vectors.map((turn) => estimate(this.#weights, deviations(this.#weights, turn, mean)).arousal);
      const evened = vectors.map((turn, t) =>
        turn.map((value, i) => value - (arousals[t]! - 0.5) * arousalShift[i]! * withinDeviation[i]!),
      );
      mean = this.#shrunk(evened);
    }
    return mean;
  }

  #shrunk(turns: readonly (readonly number[])[]): number[] {
    const { priorMean, priorTurns } = this.#weights;
    return priorMean.map((prior, i) => {
      let sum = prior * priorTurns;
      for (const turn of turns) sum += turn[i]!;
      return sum / (priorTurns + turns.length);
    });
  }
}
