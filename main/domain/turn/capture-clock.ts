import { CAPTURE_RATE_HZ } from '../../contract/audio-format.ts';

/** How fast an early estimate is given up, so that the drift between sound card and clock (200 ppm at most) is followed. */
const FORGET_MS_PER_SECOND = 0.5;

/**
 * When a sample was captured, on the monotonic clock. Audio arrives late and in bursts when the machine is busy, never early: the
 * smallest difference between arrival and position is the best one.
 */
export class CaptureClock {
  #offsetMs = Infinity;
  #notedAtMs = 0;

  /** Audio up to `endSample` has arrived at `nowMs`. */
  note(endSample: number, nowMs: number): void {
    const offsetMs = nowMs - msOf(endSample);
    const aged = this.#offsetMs + ((nowMs - this.#notedAtMs) / 1000) * FORGET_MS_PER_SECOND;
    this.#offsetMs = Math.min(aged, offsetMs);
    this.#notedAtMs = nowMs;
  }

  /** `nowMs` when nothing has arrived yet. */
  capturedAtMs(sample: number, nowMs: number): number {
    return Number.isFinite(this.#offsetMs) ? Math.min(nowMs, this.#offsetMs + msOf(sample)) : nowMs;
  }
}

function msOf(samples: number): number {
  return (samples / CAPTURE_RATE_HZ) * 1000;
}
