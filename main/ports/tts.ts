import type { CallOptions } from './call-options.ts';

export interface SpeechRequest {
  text: string;
  /** 1 is the voice's own pace. */
  speed?: number;
  /** Sounds of characters of `text` that stand for whole words, in the alphabet of Kokoro; voices that take none leave them out. */
  phonemes?: Record<string, string>;
}

/** A voice. One synthesis at a time; a second call waits. */
export interface Tts {
  readonly sampleRateHz: number;
  /** Mono −1…1 at `sampleRateHz`, in one or more chunks. Nothing speakable (only punctuation) gives no chunk. Abort throws `cancelled`. */
  synthesize(request: SpeechRequest, options?: CallOptions): AsyncIterable<Float32Array>;
  close(): Promise<void>;
}
