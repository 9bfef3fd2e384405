import { CAPTURE_RATE_HZ } from '../contract/audio-format.ts';
import type { CaptureFrame } from '../ports/audio-devices.ts';
import type { Clock } from '../ports/clock.ts';
import type { WallClock } from '../ports/wall-clock.ts';

/** A busy machine falls behind by hundreds of ms; two seconds are a sleep or a device that was away. */
export const GAP_MS = 2000;

/**
 * Notices that the machine slept or the capture had a hole, from what comes in. The monotonic clock stands still in sleep on Linux and
 * macOS: there, only the time of day shows it.
 */
export class GapWatch {
  readonly #clock: Clock;
  readonly #wallClock: WallClock | undefined;
  #endSample: number | null = null;
  /** Time of day less monotonic time: constant while the machine is awake and nobody sets its clock. */
  #offsetMs: number | null = null;

  constructor(options: { clock: Clock; wallClock: WallClock | undefined }) {
    this.#clock = options.clock;
    this.#wallClock = options.wallClock;
  }

  /** Position one past the newest sample; 0 before the first. */
  get endSample(): number {
    return this.#endSample ?? 0;
  }

  /** True when there is a hole before these frames. */
  precedes(frames: readonly CaptureFrame[]): boolean {
    const first = frames[0];
    const last = frames.at(-1);
    if (!first || !last) return false;
    const missing = this.#endSample === null ? 0 : first.startSample - this.#endSample;
    this.#endSample = last.startSample + last.samples.length;
    return this.#hasSlept() || (missing / CAPTURE_RATE_HZ) * 1000 > GAP_MS;
  }

  #hasSlept(): boolean {
    if (!this.#wallClock) return false;
    const before = this.#offsetMs;
    this.#offsetMs = this.#wallClock.epochMs() - this.#clock.nowMs();
    return before !== null && this.#offsetMs - before > GAP_MS;
  }
}
