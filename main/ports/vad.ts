/** Voice activity detection over a stream: feed windows of exactly `windowSamples` in order. */
export interface Vad {
  readonly windowSamples: number;
  /** Probability 0…1 that the window holds speech. 16 kHz mono. Throws `bad-input` on a wrong length. */
  process(window: Float32Array): Promise<number>;
  /** Forgets the stream so far. */
  reset(): void;
  close(): Promise<void>;
}
