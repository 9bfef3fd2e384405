import type { Clock } from '../../ports/clock.ts';

export interface ReconnectBudgetOptions {
  clock: Clock;
  max: number;
  withinMs: number;
}

/** So many times in so much time. A clock that goes backwards frees nothing. */
export class ReconnectBudget {
  readonly #options: ReconnectBudgetOptions;
  #usedAtMs: number[] = [];

  constructor(options: ReconnectBudgetOptions) {
    this.#options = options;
  }

  /** How many were taken in the time that counts. */
  get used(): number {
    const { clock, withinMs } = this.#options;
    const nowMs = clock.nowMs();
    this.#usedAtMs = this.#usedAtMs.filter((atMs) => nowMs - atMs < withinMs);
    return this.#usedAtMs.length;
  }

  /** False: it is used up. */
  take(): boolean {
    if (this.used >= this.#options.max) return false;
    this.#usedAtMs.push(this.#options.clock.nowMs());
    return true;
  }
}
