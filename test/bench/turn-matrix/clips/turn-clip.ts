import {
  atLevel,
  atRoomRate,
  joined,
  ROOM_RATE_HZ,
  SPEECH_BELOW_PEAK_DB,
  SPEECH_DBFS,
} from '../../../../main/evaluation/sound/room-sound.ts';
import { frameLevels, gainOf } from '../../../../main/evaluation/sound/frame-levels.ts';
import { labelSpeech } from '../../../../main/evaluation/sound/label-speech.ts';
import type { Span } from '../../../../main/evaluation/sound/sound.ts';

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
  /** Mono at ROOM_RATE_HZ, the speech at SPEECH_DBFS. */
  samples: Float32Array;
  /** First speech sample, and the one after the last. */
  speech: Span;
  /** Pauses inside the turn of at least 200 ms. */
  pausesMs: number[];
}

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
  const edge = new Float32Array(EDGE_SECONDS * ROOM_RATE_HZ);
  const samples = joined([edge, await atRoomRate(options), edge]);
  const speech = labelSpeech(samples, ROOM_RATE_HZ);
  if (speechEndSeconds !== undefined) speech.to = Math.round((EDGE_SECONDS + speechEndSeconds) * ROOM_RATE_HZ);
  return { id, kind, source, text, samples: atLevel(samples, dbfs), speech, pausesMs: pausesIn(samples, speech) };
}

function pausesIn(samples: Float32Array, { from, to }: Span): number[] {
  const { rms, peak } = frameLevels(samples.subarray(from, to), ROOM_RATE_HZ);
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
