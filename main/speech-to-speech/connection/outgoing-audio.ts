import { toPcm16 } from '../../lib/pcm16.ts';
import type { Clock } from '../../ports/clock.ts';

export interface OutgoingAudioOptions {
  clock: Clock;
  sampleRateHz: number;
  /** Silence is sent where nobody sends anything. */
  isConstant: boolean;
  send(pcm16: Buffer): void;
}

/** Frames of 10 ms would be 100 messages a second; 20 ms is what providers ask for, and the delay is not noticed. */
const MESSAGE_MS = 20;
const FILL_EVERY_MS = 100;
/** A machine that slept does not send its whole sleep. */
const MAX_FILL_MS = 400;

/** Joins frames to messages, and keeps time going where a protocol needs it. */
export class OutgoingAudio {
  readonly #options: OutgoingAudioOptions;
  readonly #messageSamples: number;
  #waiting: Float32Array[] = [];
  #waitingSamples = 0;
  #lastMs: number;
  #stopFilling: (() => void) | null = null;

  constructor(options: OutgoingAudioOptions) {
    this.#options = options;
    this.#messageSamples = (options.sampleRateHz * MESSAGE_MS) / 1000;
    this.#lastMs = options.clock.nowMs();
    if (options.isConstant) this.#fillLater();
  }

  push(samples: Float32Array): void {
    this.#lastMs = this.#options.clock.nowMs();
    this.#waiting.push(samples);
    this.#waitingSamples += samples.length;
    if (this.#waitingSamples >= this.#messageSamples) this.flush();
  }

  /** Sends what waits for more: a turn ends here. */
  flush(): void {
    if (this.#waitingSamples === 0) return;
    const pcm16 = Buffer.concat(this.#waiting.map(toPcm16));
    this.#waiting = [];
    this.#waitingSamples = 0;
    this.#options.send(pcm16);
  }

  close(): void {
    this.#stopFilling?.();
    this.#stopFilling = null;
  }

  #fillLater(): void {
    const { clock, sampleRateHz } = this.#options;
    this.#stopFilling = clock.schedule(FILL_EVERY_MS, () => {
      const idleMs = clock.nowMs() - this.#lastMs;
      // The microphone's frames come every few 10 ms: only where there are none is time kept for it.
      if (idleMs >= FILL_EVERY_MS) {
        this.push(new Float32Array(Math.round((sampleRateHz * Math.min(idleMs, MAX_FILL_MS)) / 1000)));
        this.flush();
      }
      // A clock that went backwards would otherwise stop time until it has caught up.
      if (idleMs < 0) this.#lastMs = clock.nowMs();
      this.#fillLater();
    });
  }
}
