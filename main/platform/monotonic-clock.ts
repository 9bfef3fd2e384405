import type { Clock } from '../ports/clock.ts';

/** The real clock: performance.now(), which changes of the system time do not move. */
export class MonotonicClock implements Clock {
  nowMs(): number {
    return performance.now();
  }

  schedule(delayMs: number, callback: () => void): () => void {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  }
}
