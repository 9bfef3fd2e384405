/**
 * The last `capacitySamples` of an endless mono stream, addressed by absolute sample index, so that who reads it need not be told
 * when something was dropped: an index either still is in the ring or it is not.
 */
export class SampleRing {
  readonly capacitySamples: number;
  readonly #buffer: Float32Array;
  #endSample: number;

  /** `startSample` is the index that the first appended sample gets. */
  constructor(capacitySamples: number, startSample = 0) {
    if (!Number.isInteger(capacitySamples) || capacitySamples < 1)
      throw new RangeError('a ring holds at least 1 sample');
    this.capacitySamples = capacitySamples;
    this.#buffer = new Float32Array(capacitySamples);
    this.#endSample = startSample;
    this.#firstSample = startSample;
  }

  readonly #firstSample: number;

  /** Index one past the newest sample. */
  get endSample(): number {
    return this.#endSample;
  }

  /** Index of the oldest sample that is still here. */
  get startSample(): number {
    return Math.max(this.#firstSample, this.#endSample - this.capacitySamples);
  }

  append(samples: Float32Array): void {
    const kept =
      samples.length > this.capacitySamples ? samples.subarray(samples.length - this.capacitySamples) : samples;
    const at = this.#slot(this.#endSample + samples.length - kept.length);
    const untilWrap = Math.min(kept.length, this.capacitySamples - at);
    this.#buffer.set(kept.subarray(0, untilWrap), at);
    this.#buffer.set(kept.subarray(untilWrap), 0);
    this.#endSample += samples.length;
  }

  /** A copy of what is here of `[fromSample, toSample)`, and the index of its first sample. Empty when nothing of it is here. */
  read(fromSample: number, toSample: number): { startSample: number; samples: Float32Array } {
    const from = Math.max(fromSample, this.startSample);
    const to = Math.min(toSample, this.#endSample);
    const samples = new Float32Array(Math.max(0, to - from));
    const at = this.#slot(from);
    const untilWrap = Math.min(samples.length, this.capacitySamples - at);
    samples.set(this.#buffer.subarray(at, at + untilWrap));
    samples.set(this.#buffer.subarray(0, samples.length - untilWrap), untilWrap);
    return { startSample: from, samples };
  }

  #slot(sample: number): number {
    return (((sample - this.#firstSample) % this.capacitySamples) + this.capacitySamples) % this.capacitySamples;
  }
}
