import type { VoiceCue } from '../contract/voice-cues.ts';
import type { VoiceFeatures } from '../contract/voice-features.ts';
import type { CallOptions } from './call-options.ts';

/** What was measured of an utterance. Plain data: it crosses processes, and no sound can be made of it. */
export interface VoiceMeasures {
  features: VoiceFeatures;
  /** From a little before the first voiced sound to a little after the last. */
  speechSeconds: number;
  voicedSeconds: number;
  /** Whose voice it is like: what a SpeakerEncoder made of so many seconds of its beginning. Null when that was too short, absent when there is no encoder. */
  speaker?: { vector: readonly number[]; seconds: number } | null;
  /** What other engines say they hear: shown beside what was measured, never used. */
  claims?: readonly VoiceClaim[];
}

export interface VoiceClaim {
  engine: string;
  /** In the engine's own word. */
  label: string;
  /** 0 … 1, as the engine has it; absent when it gives none. */
  confidence?: number;
}

/** Another engine that says how an utterance sounds, when it is over. */
export interface VoiceClaimant {
  claim(pcm: Float32Array, options?: CallOptions): Promise<VoiceClaim>;
  close(): Promise<void>;
}

/** Tells speakers apart. The vectors of two pieces of speech are the more alike (by their cosine) the likelier one person said both. */
export interface SpeakerEncoder {
  /** Of 16 kHz mono; a vector of length 1. What a second and a half does not show, more hardly will. */
  embed(pcm: Float32Array, options?: CallOptions): Promise<number[]>;
  close(): Promise<void>;
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
