/** Delays counts by a number of steps: what was handed to the sound card comes out when the loudspeaker has played it. */
export class DelayLine {
  #slots: number[] = [];
  #waiting = 0;

  /** Changing the delay loses nothing: counts beyond the new delay come out with the next step. */
  step(count: number, delaySteps: number): number {
    this.#slots.push(count);
    this.#waiting += count;
    let out = 0;
    while (this.#slots.length > delaySteps) out += this.#slots.shift()!;
    this.#waiting -= out;
    return out;
  }

  get waiting(): number {
    return this.#waiting;
  }
}
