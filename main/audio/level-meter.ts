import { SILENCE_DBFS } from '../contract/audio-format.ts';

/** Amplitude 0…1 in dBFS, not below SILENCE_DBFS. */
export function amplitudeToDbfs(amplitude: number): number {
  return amplitude <= 0 ? SILENCE_DBFS : Math.max(SILENCE_DBFS, 20 * Math.log10(amplitude));
}

/** Root mean square against a full-scale square wave: a full-scale sine reads −3 dBFS. */
export function rmsDbfs(samples: Float32Array): number {
  let energy = 0;
  for (const sample of samples) energy += sample * sample;
  return amplitudeToDbfs(samples.length === 0 ? 0 : Math.sqrt(energy / samples.length));
}

export function peakDbfs(samples: Float32Array): number {
  let peak = 0;
  for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
  return amplitudeToDbfs(peak);
}

/** RMS level over consecutive windows, for a meter on the screen. */
export class LevelMeter {
  readonly #windowSamples: number;
  #energy = 0;
  #count = 0;
  #dbfs = SILENCE_DBFS;

  constructor(options: { sampleRateHz: number; windowMs?: number }) {
    this.#windowSamples = Math.max(1, Math.round((options.sampleRateHz * (options.windowMs ?? 50)) / 1000));
  }

  /** Level of the last whole window. */
  get dbfs(): number {
    return this.#dbfs;
  }

  /** Returns true when a window was completed and `dbfs` is new. */
  add(samples: Float32Array): boolean {
    let isNew = false;
    for (const sample of samples) {
      this.#energy += sample * sample;
      if (++this.#count < this.#windowSamples) continue;
      this.#dbfs = amplitudeToDbfs(Math.sqrt(this.#energy / this.#count));
      this.#energy = 0;
      this.#count = 0;
      isNew = true;
    }
    return isNew;
  }
}
