import { resampleWhole } from '../../../../main/audio/streaming-resampler.ts';
import { frameLevels, gainOf } from '../../clips/frame-levels.ts';
import { labelSpeech } from '../../clips/label-speech.ts';
import type { Span } from '../../scoring/sound.ts';

/** Of microphone, loudspeaker and recording in the matrix: what the listeners work at. */
export const MATRIX_RATE_HZ = 16_000;

export const TURN_KINDS = [
  'read',
  'list',
  'number',
  'um',
  'hesitation',
  'question',
  'statement',
  'command',
  'short',
] as const;
export type TurnKind = (typeof TURN_KINDS)[number];

/** One turn of a user, labelled. */
export interface TurnClip {
  id: string;
  kind: TurnKind;
  /** Where it comes from, for the report. */
  source: string;
  /** What is said; null where no reference is kept, and so no word error rate. */
  text: string | null;
  /** Mono at MATRIX_RATE_HZ, the speech at SPEECH_DBFS. */
  samples: Float32Array;
  /** First speech sample, and the one after the last. */
  speech: Span;
  /** Pauses inside the turn of at least 200 ms. */
  pausesMs: number[];
}

/** Level (RMS) of the frames in which there is speech. */
export const SPEECH_DBFS = -24;
const SPEECH_BELOW_PEAK_DB = -40;
const LEAST_PAUSE_MS = 200;
const EDGE_SECONDS = 0.1;

/** Gives a recording its level and its label; `speech` is found by the rule of the bench where it is not given (seconds). */
export async function turnClip(options: {
  id: string;
  kind: TurnKind;
  source: string;
  text: string | null;
  samples: Float32Array;
  sampleRateHz: number;
  /** Seconds at which speech ends, where the background is too loud for the rule. */
  speechEndSeconds?: number | undefined;
  /** Level of the speech. Default SPEECH_DBFS. */
  dbfs?: number;
}): Promise<TurnClip> {
  const { id, kind, source, text, speechEndSeconds, dbfs = SPEECH_DBFS } = options;
  const edge = new Float32Array(EDGE_SECONDS * MATRIX_RATE_HZ);
  const samples = joined([edge, await atMatrixRate(options), edge]);
  const speech = labelSpeech(samples, MATRIX_RATE_HZ);
  if (speechEndSeconds !== undefined) speech.to = Math.round((EDGE_SECONDS + speechEndSeconds) * MATRIX_RATE_HZ);
  return { id, kind, source, text, samples: atLevel(samples, dbfs), speech, pausesMs: pausesIn(samples, speech) };
}

export function atMatrixRate(sound: { samples: Float32Array; sampleRateHz: number }): Promise<Float32Array> {
  const rates = { inputRateHz: sound.sampleRateHz, outputRateHz: MATRIX_RATE_HZ, quality: 'best' as const };
  return resampleWhole(sound.samples, rates);
}

/** A copy whose active frames have this level. */
export function atLevel(samples: Float32Array, dbfs: number): Float32Array {
  const gain = gainOf(dbfs) / activeLevel(samples);
  return samples.map((sample) => sample * gain);
}

/** RMS over the frames of 10 ms that are within 40 dB of the loudest sample. */
export function activeLevel(samples: Float32Array): number {
  const { rms, peak } = frameLevels(samples, MATRIX_RATE_HZ);
  const active = rms.filter((level) => level > peak * gainOf(SPEECH_BELOW_PEAK_DB));
  const energy = active.reduce((sum, level) => sum + level * level, 0);
  return Math.sqrt(energy / Math.max(1, active.length)) || 1;
}

export function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function pausesIn(samples: Float32Array, { from, to }: Span): number[] {
  const { rms, peak } = frameLevels(samples.subarray(from, to), MATRIX_RATE_HZ);
  const pauses: number[] = [];
  let quietFrames = 0;
  for (const level of rms) {
    if (level <= peak * gainOf(SPEECH_BELOW_PEAK_DB)) quietFrames++;
    else {
      if (quietFrames * 10 >= LEAST_PAUSE_MS) pauses.push(quietFrames * 10);
      quietFrames = 0;
    }
  }
  return pauses;
}
