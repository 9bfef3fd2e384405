/** An amplitude that moves to its target along a straight line, so that no change of it is heard as a click. */
export class GainRamp {
  #value: number;
  #target: number;
  #remainingSamples = 0;

  constructor(initial = 1) {
    this.#value = initial;
    this.#target = initial;
  }

  get isMoving(): boolean {
    return this.#remainingSamples > 0;
  }

  /** Samples until the target is reached. */
  get remainingSamples(): number {
    return this.#remainingSamples;
  }

  /** Moves to `target` within `samples` from now on; at once when that rounds to none. */
  moveTo(target: number, samples: number): void {
    this.#target = target;
    this.#remainingSamples = Math.round(samples);
    if (this.#remainingSamples === 0) this.#value = target;
  }

  /** Multiplies `block` in place and moves on by its length. */
  apply(block: Float32Array): void {
    if (!this.isMoving && this.#value === 1) return;
    for (let i = 0; i < block.length; i++) block[i] = block[i]! * this.#next();
  }

  #next(): number {
    if (this.#remainingSamples > 0) this.#value += (this.#target - this.#value) / this.#remainingSamples--;
    return this.#value;
  }
}

export function dbToAmplitude(gainDb: number): number {
  return 10 ** (gainDb / 20);
}
