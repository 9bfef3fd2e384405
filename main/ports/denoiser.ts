/** Takes steady and passing noise out of a voice, frame by frame. */
export interface Denoiser {
  /** How much later the sound comes out. */
  readonly delaySamples: number;
  /** One capture frame (10 ms, 16 kHz), in place. */
  process(frame: Float32Array): void;
  close(): void;
}
