/** Longer answers are written down as far as this. */
const KEPT_SECONDS = 60;

/** The sound of one answer as it came, until it is known how much of it was heard: copies, since what is played is given away. */
export class KeptSound {
  readonly sampleRateHz: number;
  #parts: Float32Array[] = [];
  #samples = 0;

  constructor(sampleRateHz: number) {
    this.sampleRateHz = sampleRateHz;
  }

  add(pcm: Float32Array): void {
    if (this.#samples >= KEPT_SECONDS * this.sampleRateHz) return;
    this.#parts.push(pcm.slice());
    this.#samples += pcm.length;
  }

  /** Its beginning, up to where it was played. */
  played(playedSamples: number): Float32Array {
    const pcm = new Float32Array(Math.min(playedSamples, this.#samples));
    let at = 0;
    for (const part of this.#parts) {
      if (at >= pcm.length) break;
      pcm.set(part.subarray(0, pcm.length - at), at);
      at += part.length;
    }
    return pcm;
  }
}
