import type { CallOptions } from './call-options.ts';

export interface Transcript {
  /** Trimmed; "" when nothing was said. */
  text: string;
  /** The engine's own form of the text, only for handing it back as a draft. */
  tokens?: readonly number[];
  /** What the engine says it hears besides the words, by its own name for it; of engines that say so. */
  emotion?: string;
}

export interface AsrOptions extends CallOptions {
  /**
   * What the same engine heard in about the same audio a moment ago. A hint: an engine that can check a draft faster than it
   * can decode anew uses it, and gives what it would have given without.
   */
  draft?: Transcript;
}

/** A speech recogniser for one utterance at a time. Calls made at once are queued. */
export interface Asr {
  /** Longest audio in seconds that one call handles well; callers segment longer speech at pauses. */
  readonly maxSegmentSeconds: number;
  /** 16 kHz mono. Throws `bad-input` on empty or non-finite audio. */
  transcribe(pcm: Float32Array, options?: AsrOptions): Promise<Transcript>;
  close(): Promise<void>;
}
