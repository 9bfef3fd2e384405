import type { SerialisedError } from '../contract/errors.ts';
import type { CallOptions } from './call-options.ts';
import type { CaptureFrame } from './audio-devices.ts';
import type { VoiceClaim, VoiceMeasures } from './voice-cues.ts';

export type ListenerEvent =
  /** Speech probability of the window that ends before `endSample`, and its level (RMS; −120 for silence). */
  | { type: 'vad'; endSample: number; probability: number; levelDbfs: number }
  /**
   * What the open utterance says so far; the first `stableChars` will not change any more. In a pause it carries how it sounded, where that is
   * measured: an answer may be begun with these words.
   */
  | {
      type: 'partial';
      utteranceId: number;
      text: string;
      stableChars: number;
      endSample: number;
      voice?: VoiceMeasures | null;
      /** What the recogniser says it hears besides. */
      emotion?: string;
    }
  /** What another engine says it heard in an utterance that has ended. */
  | { type: 'claim'; utteranceId: number; claim: VoiceClaim }
  /** Something that says more of voices cannot be used; the rest goes on. */
  | { type: 'voice-part-missing'; part: VoicePart; error: SerialisedError };

export type VoicePart = 'speaker-encoder' | 'emotion-model';

export interface UtteranceReading {
  text: string;
  /** Probability 0…1 that the turn was complete at `toSample`, from the sound alone; null without a turn detector. */
  completeProbability: number | null;
  /** What the recogniser says it hears besides the words; most say nothing. */
  emotion?: string;
  /** How it sounded; null when there was no voice in it, absent when that is not measured. */
  voice?: VoiceMeasures | null;
}

/**
 * The ears: everything that reads the same 16 kHz stream. It keeps the last 30 s of it, so that an utterance may begin
 * before the moment it was noticed (pre-roll).
 */
export interface Listener {
  push(frames: CaptureFrame[]): void;
  /** Starts partial transcripts for audio from `fromSample` on. Ends the utterance before it. The voice is measured only when asked for. */
  beginUtterance(utteranceId: number, fromSample: number, options?: { measureVoice?: boolean }): void;
  /** Reads the utterance up to `toSample`, with final quality; it stays open. May be called at every pause. */
  readUtterance(utteranceId: number, toSample: number, options?: CallOptions): Promise<UtteranceReading>;
  endUtterance(utteranceId: number): void;
  /** Reads sound that is none of the stream: 16 kHz mono, at most 30 s. "" when there are no words. Absent: these ears cannot. */
  transcribe?(pcm: Float32Array, options?: CallOptions): Promise<string>;
  onEvent(listener: (event: ListenerEvent) => void): () => void;
}
