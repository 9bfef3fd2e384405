/** Turns a mono stream of one rate into another, block by block. */
export interface Resampler {
  process(pcm: Float32Array): Float32Array;
  close(): void;
}

/** Rejects with `bad-input` for rates that differ too much. */
export type OpenResampler = (rates: { inputRateHz: number; outputRateHz: number }) => Promise<Resampler>;
