import type { CallOptions } from './call-options.ts';

/** Says from the sound alone whether the speaker has finished. */
export interface TurnDetector {
  /** Probability 0…1 that the turn is complete at the end of `pcm` (16 kHz mono; the last seconds count). */
  completeProbability(pcm: Float32Array, options?: CallOptions): Promise<number>;
  close(): Promise<void>;
}
