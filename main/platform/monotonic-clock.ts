import type { Clock } from '../ports/clock.ts';

/** The real clock: performance.now(), which system time changes do not move, and timers that do not keep the process alive. */
export class MonotonicClock implements Clock {
  nowMs(): number {
    return performance.now();
  }

  schedule(delayMs: number, callback: () => void): () => void {
    const timer = setTimeout(callback, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  }
}
