/** The last seconds of a stream, addressed by absolute sample index. Full: the oldest samples go. */
export class AudioRing {
  readonly capacitySamples: number;
  readonly #buffer: Float32Array;
  #start = 0;
  #end = 0;

  constructor(capacitySamples: number) {
    this.capacitySamples = capacitySamples;
    this.#buffer = new Float32Array(capacitySamples);
  }

  /** Index of the first sample that is still there. */
  get startSample(): number {
    return this.#start;
  }

  /** Index after the last sample. */
  get endSample(): number {
    return this.#end;
  }

  /**
   * Adds samples that belong at `startSample`. What is there already is skipped, a gap becomes silence, and a stream that jumps
   * by more than the capacity begins anew. Samples that are no numbers become silence.
   */
  write(startSample: number, samples: Float32Array): void {
    const end = startSample + samples.length;
    if (this.#isAnotherStream(startSample, end)) this.#start = this.#end = startSample;
    if (end <= this.#end) return;
    for (; this.#end < startSample; this.#end++) this.#buffer[this.#end % this.capacitySamples] = 0;
    for (let i = this.#end - startSample; i < samples.length; i++, this.#end++) {
      const sample = samples[i]!;
      this.#buffer[this.#end % this.capacitySamples] = Number.isFinite(sample) ? sample : 0;
    }
    this.#start = Math.max(this.#start, this.#end - this.capacitySamples);
  }

  /** A copy of the samples in [fromSample, toSample), as far as they are there. */
  read(fromSample: number, toSample: number): Float32Array {
    const from = Math.max(fromSample, this.#start);
    const to = Math.min(toSample, this.#end);
    const copy = new Float32Array(Math.max(0, to - from));
    if (copy.length === 0) return copy;
    const offset = from % this.capacitySamples;
    const head = this.#buffer.subarray(offset, Math.min(offset + copy.length, this.capacitySamples));
    copy.set(head);
    if (head.length < copy.length) copy.set(this.#buffer.subarray(0, copy.length - head.length), head.length);
    return copy;
  }

  #isAnotherStream(startSample: number, endSample: number): boolean {
    if (this.#start === this.#end) return true;
    return startSample - this.#end >= this.capacitySamples || endSample <= this.#end - this.capacitySamples;
  }
}
