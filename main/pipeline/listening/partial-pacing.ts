import type { Clock } from '../../ports/clock.ts';

const FIRST_INTERVAL_MS = 300;
/** Partials may take this share of one core. */
const MAX_SHARE = 0.4;

/** When the next partial may start: every 300 ms, and seldomer as they get dearer with the length of the segment. */
export class PartialPacing {
  readonly #clock: Clock;
  #dueMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#dueMs = clock.nowMs();
  }

  isDue(): boolean {
    return this.#clock.nowMs() >= this.#dueMs;
  }

  /** To be called when a decoding starts; the returned function when it has ended, however it did. */
  started(): () => void {
    const startedMs = this.#clock.nowMs();
    return () => {
      const costMs = this.#clock.nowMs() - startedMs;
      this.#dueMs = startedMs + Math.max(FIRST_INTERVAL_MS, costMs / MAX_SHARE);
    };
  }
}
