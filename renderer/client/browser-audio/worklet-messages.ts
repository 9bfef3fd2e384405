import type { PlayedReport } from './answer-player.ts';

export const MICROPHONE_WORKLET = 'parley-microphone';
export const PLAYER_WORKLET = 'parley-player';

/** Microphone worklet → page: a finished frame for the app, in the wire format. */
export type MicrophoneFrame = ArrayBuffer;

/** Page → player worklet. */
export type PlayerOrder =
  | { type: 'add'; answerNumber: number; sampleRateHz: number; samples: Float32Array }
  | { type: 'end'; answerNumber: number }
  | { type: 'stop'; answerNumber: number; fadeMs: number }
  | { type: 'gain'; gainDb: number; rampMs: number }
  | { type: 'hold'; held: boolean; fadeMs: number }
  | { type: 'latency'; latencySec: number }
  | { type: 'clear' };

/** Player worklet → page. */
export type PlayerReports = PlayedReport[];
