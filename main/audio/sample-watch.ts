/** A device that stops says nothing. After so long without a sample the user is told; */
const QUIET_MS = 500;
/** and after so long it is given up: on a machine that swaps or suspends, half a second passes for a healthy one too. */
const STALL_MS = 1500;
/** A device may take up to 1.9 s to begin (measured through PulseAudio). */
const FIRST_SAMPLE_MS = 3000;
/** What a device may be ahead of time within a second: its buffers, and what it makes up for after a hold-up of ours. */
const MAX_AHEAD_MS = 5000;
const WINDOW_MS = 1000;
/** Looks are 100 ms apart. What lies between two that are further apart says nothing about the device: we were held up ourselves. */
const MAX_LOOK_GAP_MS = 150;

export type StreamHealth = 'ok' | 'quiet' | 'stalled' | 'runaway';

/** Tells from the flow of samples whether a device is still there. A dead one delivers nothing, or garbage much too fast. */
export class SampleWatch {
  readonly #sampleRateHz: number;
  #windowStartMs: number;
  #windowSamples = 0;
  #quietMs = 0;
  #lastLookMs: number;
  #hasBegun = false;

  constructor(options: { sampleRateHz: number; nowMs: number }) {
    this.#sampleRateHz = options.sampleRateHz;
    this.#windowStartMs = options.nowMs;
    this.#lastLookMs = options.nowMs;
  }

  /** To be called for each block that the device gave or took. */
  note(samples: number, nowMs: number): StreamHealth {
    if (nowMs - this.#windowStartMs > WINDOW_MS) {
      this.#windowStartMs = nowMs;
      this.#windowSamples = 0;
    }
    this.#hasBegun = true;
    this.#quietMs = 0;
    this.#windowSamples += samples;
    const aheadMs = (this.#windowSamples / this.#sampleRateHz) * 1000 - (nowMs - this.#windowStartMs);
    return aheadMs > MAX_AHEAD_MS ? 'runaway' : 'ok';
  }

  /** To be called every 100 ms. */
  look(nowMs: number): StreamHealth {
    this.#quietMs += Math.min(nowMs - this.#lastLookMs, MAX_LOOK_GAP_MS);
    this.#lastLookMs = nowMs;
    if (this.#quietMs > (this.#hasBegun ? STALL_MS : FIRST_SAMPLE_MS)) return 'stalled';
    return this.#hasBegun && this.#quietMs > QUIET_MS ? 'quiet' : 'ok';
  }
}

/** Real microphones have noise. Exact zeros for this long mean that the system gives us silence instead of sound. */
const BLOCKED_AFTER_SECONDS = 3;

/** Tells a microphone that is denied (or muted in hardware) from one that hears a quiet room. */
export class ZeroWatch {
  readonly #limitSamples: number;
  #zeros = 0;

  constructor(sampleRateHz: number) {
    this.#limitSamples = sampleRateHz * BLOCKED_AFTER_SECONDS;
  }

  get isBlocked(): boolean {
    return this.#zeros >= this.#limitSamples;
  }

  add(samples: Float32Array): void {
    let last = samples.length - 1;
    while (last >= 0 && samples[last] === 0) last--;
    this.#zeros = last < 0 ? this.#zeros + samples.length : samples.length - 1 - last;
  }
}
