/** What was given of one answer and was not heard yet, with the count of what was: for playing it again elsewhere, and for meters. */
export class UnheardAudio {
  readonly sampleRateHz: number;
  #chunks: Float32Array[] = [];
  #played = 0;
  #received = 0;
  #isComplete = false;

  constructor(sampleRateHz: number) {
    this.sampleRateHz = sampleRateHz;
  }

  get playedSamples(): number {
    return this.#played;
  }

  get receivedSamples(): number {
    return this.#received;
  }

  get seconds(): number {
    return (this.#received - this.#played) / this.sampleRateHz;
  }

  get isComplete(): boolean {
    return this.#isComplete;
  }

  complete(): void {
    this.#isComplete = true;
  }

  add(samples: Float32Array): void {
    this.#chunks.push(samples);
    this.#received += samples.length;
  }

  /** Moves on to `playedSamples` (never back, never beyond what was given) and returns what was heard by that. */
  advanceTo(playedSamples: number): Float32Array[] {
    const target = Math.min(this.#received, Math.max(this.#played, Math.floor(playedSamples)));
    const heard: Float32Array[] = [];
    while (this.#played < target) {
      const chunk = this.#chunks[0]!;
      const part = chunk.subarray(0, target - this.#played);
      heard.push(part);
      this.#played += part.length;
      if (part.length === chunk.length) this.#chunks.shift();
      else this.#chunks[0] = chunk.subarray(part.length);
    }
    return heard;
  }

  /** Everything after `playedSamples`, without copying. */
  remaining(): readonly Float32Array[] {
    return this.#chunks;
  }
}
