import type { VoiceCue } from '../contract/voice-cues.ts';
import type { VoiceFeatures } from '../contract/voice-features.ts';

/** What was measured of an utterance. Plain data: it crosses processes, and no sound can be made of it. */
export interface VoiceMeasures {
  features: VoiceFeatures;
  /** From a little before the first voiced sound to a little after the last. */
  speechSeconds: number;
  voicedSeconds: number;
}

/** Measures the sound of an utterance while it grows. */
export interface VoiceMeter {
  /** A new utterance. */
  begin(): void;
  /** Audio of it, in order and without gaps (16 kHz mono), of any length. */
  push(samples: Float32Array): void;
  /** Of everything pushed since `begin`; null when there was no voice in it. About 2 ms. */
  measure(): VoiceMeasures | null;
}

/** How the user's turns are said. */
export interface CueSource {
  /** Of the turn that ends in these words, which may be still going on; null when there is none, as for typed turns. */
  cueFor(userText: string): VoiceCue | null;
}
