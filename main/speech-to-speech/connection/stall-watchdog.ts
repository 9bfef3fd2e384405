import type { Clock } from '../../ports/clock.ts';
import { LastSound } from '../last-sound.ts';

export interface StallWatchdogOptions {
  clock: Clock;
  onStalled(): void;
}

/** What a provider may take to say anything at all; the slowest answers of the comparisons begin after 5 s (protocols' figures in docs). */
export const STALLED_AFTER_MS = 10_000;
/** Of sound in one go: shorter ones are knocks and coughs, which a provider rightly ignores. */
const LEAST_SPEECH_MS = 600;
const SPEECH_ENDS_AFTER_MS = 800;

/**
 * Silence that looks healthy: the socket is open, the user has spoken, and nothing comes. Armed by the end of what the user says, as far as
 * loudness tells it, or by whoever knows it better; anything that the provider sends disarms it.
 */
export class StallWatchdog {
  readonly #options: StallWatchdogOptions;
  #sound = new LastSound();
  #speechMs = 0;
  #disarm: (() => void) | null = null;

  constructor(options: StallWatchdogOptions) {
    this.#options = options;
  }

  /** What is being sent. */
  listen(samples: Float32Array, sampleRateHz: number): void {
    const nowMs = this.#options.clock.nowMs();
    this.#sound.push(samples, nowMs);
    const { atMs } = this.#sound;
    if (atMs === null) return;
    if (atMs === nowMs) {
      this.#speechMs += (samples.length * 1000) / sampleRateHz;
    } else if (nowMs - atMs >= SPEECH_ENDS_AFTER_MS) {
      if (this.#speechMs >= LEAST_SPEECH_MS) this.expectAnswer();
      this.#speechMs = 0;
    }
  }

  /** Something was said or sent that is to be answered. */
  expectAnswer(): void {
    this.rest();
    this.#disarm = this.#options.clock.schedule(STALLED_AFTER_MS, () => {
      this.#disarm = null;
      this.#options.onStalled();
    });
  }

  /** The provider lives, or nothing is to be expected from it. */
  rest(): void {
    this.#disarm?.();
    this.#disarm = null;
  }

  /** It answers: what was said until now is not to be answered once more, even if it is not known to be over yet. */
  answered(): void {
    this.rest();
    this.#speechMs = 0;
  }

  /** Another line: what was said on the last one is gone. */
  reset(): void {
    this.rest();
    this.#sound = new LastSound();
    this.#speechMs = 0;
  }
}
