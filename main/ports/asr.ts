import type { CallOptions } from './call-options.ts';

export interface Transcript {
  /** Trimmed; "" when nothing was said. */
  text: string;
}

/** A speech recogniser for one utterance at a time. Calls made at once are queued. */
export interface Asr {
  /** Longest audio in seconds that one call handles well; callers segment longer speech at pauses. */
  readonly maxSegmentSeconds: number;
  /** 16 kHz mono. Throws `bad-input` on empty or non-finite audio. */
  transcribe(pcm: Float32Array, options?: CallOptions): Promise<Transcript>;
  close(): Promise<void>;
}
