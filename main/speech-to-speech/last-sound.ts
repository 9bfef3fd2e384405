/** A frame this much louder than the quiet of the room is somebody's voice … */
const ABOVE_QUIET = 4;
/** … and nothing below −50 dBFS is. */
const LEAST_AMPLITUDE = 0.003;
/** The quiet of the room is followed downwards at once and upwards by this much a frame: doubled in 3 s. */
const RISE_PER_FRAME = 1.0023;

/** When somebody was last heard, by loudness alone: the origin of a turn's own account where a provider keeps its detector to itself. */
export class LastSound {
  #quiet = LEAST_AMPLITUDE / ABOVE_QUIET;
  #atMs: number | null = null;

  /** Null: nobody yet. */
  get atMs(): number | null {
    return this.#atMs;
  }

  push(samples: Float32Array, nowMs: number): void {
    let energy = 0;
    for (const sample of samples) energy += sample * sample;
    const amplitude = Math.sqrt(energy / Math.max(1, samples.length));
    this.#quiet = Math.min(amplitude, this.#quiet * RISE_PER_FRAME);
    this.#quiet = Math.max(this.#quiet, 1e-5);
    if (amplitude > Math.max(this.#quiet * ABOVE_QUIET, LEAST_AMPLITUDE)) this.#atMs = nowMs;
  }
}
