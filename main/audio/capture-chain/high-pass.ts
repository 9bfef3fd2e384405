import { CAPTURE_RATE_HZ } from '../../contract/audio-format.ts';

const CUTOFF_HZ = 80;

/**
 * A second-order Butterworth filter. 80 Hz lies below the lowest voices (about 85 Hz) and above the hum of the mains and most of the
 * rumble of desks and fans.
 */
export class HighPass {
  readonly #b: number;
  readonly #a1: number;
  readonly #a2: number;
  #x1 = 0;
  #x2 = 0;
  #y1 = 0;
  #y2 = 0;

  constructor(cutoffHz = CUTOFF_HZ, sampleRateHz = CAPTURE_RATE_HZ) {
    const k = Math.tan((Math.PI * cutoffHz) / sampleRateHz);
    const norm = 1 / (1 + Math.SQRT2 * k + k * k);
    this.#b = norm;
    this.#a1 = 2 * (k * k - 1) * norm;
    this.#a2 = (1 - Math.SQRT2 * k + k * k) * norm;
  }

  /** In place. */
  process(samples: Float32Array): void {
    for (let i = 0; i < samples.length; i++) {
      const x = samples[i]!;
      const y = this.#b * (x - 2 * this.#x1 + this.#x2) - this.#a1 * this.#y1 - this.#a2 * this.#y2;
      this.#x2 = this.#x1;
      this.#x1 = x;
      this.#y2 = this.#y1;
      this.#y1 = y;
      samples[i] = y;
    }
    // A filter that rings out into denormal numbers is many times slower.
    if (Math.abs(this.#y1) < 1e-20) this.#y1 = 0;
    if (Math.abs(this.#y2) < 1e-20) this.#y2 = 0;
  }
}
