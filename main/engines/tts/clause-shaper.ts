import { ParleyError } from '../../contract/errors.ts';

export interface ClauseShaperOptions {
  sampleRateHz: number;
  /** Silence between the last sound and the end, the voice's own decay included. See `pauseAfterMs`. */
  pauseMs: number;
}

const WINDOW_MS = 5;
/** −50 dBFS. The voices' own silence lies below −75 dBFS, the first 5 ms of a soft "h" or "f" at about −47 dBFS. */
const AUDIBLE_RMS = 0.0032;
/** Kept before the first audible window, for the onset under the threshold. */
const LEAD_MS = 10;
/** Kept of the decay after the last audible window. */
const DECAY_MS = 30;
/** Ramps at both ends, so that clauses join without a click. */
const FADE_MS = 4;

/**
 * Gives a clause the same edges whatever the voice made: sound begins within 15 ms, ends in a fixed pause, ramps at both ends,
 * and is never above full scale. Voices begin with 100–250 ms of silence, which would be latency at the start of each answer.
 * Streaming: what `push` returns is final; silence is held back until it is known not to be the last.
 */
export class ClauseShaper {
  readonly #options: ClauseShaperOptions;
  readonly #windowSamples: number;
  readonly #fadeSamples: number;
  #held: Float32Array<ArrayBuffer> = new Float32Array(0);
  #scanned = 0;
  /** Index in #held after the last audible window. */
  #audibleEnd = 0;
  #started = false;

  constructor(options: ClauseShaperOptions) {
    this.#options = options;
    this.#windowSamples = this.#samples(WINDOW_MS);
    this.#fadeSamples = this.#samples(FADE_MS);
  }

  /** Samples that are certain to be heard; may be empty. Throws `engine-failed` on samples that are no numbers. */
  push(samples: Float32Array): Float32Array<ArrayBuffer> {
    this.#hold(samples);
    const firstAudible = this.#scan();
    if (!this.#started) {
      if (firstAudible === undefined) {
        this.#drop(Math.max(0, this.#scanned - this.#samples(LEAD_MS)));
        return new Float32Array(0);
      }
      this.#started = true;
      this.#drop(Math.max(0, firstAudible - this.#samples(LEAD_MS)));
      fadeIn(this.#held, this.#fadeSamples);
    }
    const certain = Math.max(0, this.#audibleEnd - this.#fadeSamples);
    const out = this.#held.slice(0, certain);
    this.#drop(certain);
    return out;
  }

  /** The rest, with its pause; empty when nothing was audible. */
  end(): Float32Array<ArrayBuffer> {
    if (!this.#started) return new Float32Array(0);
    const kept = Math.min(this.#held.length, this.#audibleEnd + this.#samples(DECAY_MS));
    const sound = this.#held.subarray(0, kept);
    fadeOut(sound, this.#fadeSamples);
    const out = new Float32Array(Math.max(kept, this.#audibleEnd + this.#samples(this.#options.pauseMs)));
    out.set(sound);
    return out;
  }

  #samples(durationMs: number): number {
    return Math.round((durationMs * this.#options.sampleRateHz) / 1000);
  }

  #hold(samples: Float32Array): void {
    const joined = new Float32Array(this.#held.length + samples.length);
    joined.set(this.#held);
    for (let i = 0; i < samples.length; i++) {
      joined[this.#held.length + i] = Math.max(-1, Math.min(1, samples[i]!));
    }
    this.#held = joined;
  }

  #drop(count: number): void {
    this.#held = this.#held.slice(count);
    this.#scanned = Math.max(0, this.#scanned - count);
    this.#audibleEnd = Math.max(0, this.#audibleEnd - count);
  }

  /** Looks at the windows that are complete since the last call; where the first audible one begins. */
  #scan(): number | undefined {
    let first: number | undefined;
    for (; this.#scanned + this.#windowSamples <= this.#held.length; this.#scanned += this.#windowSamples) {
      let energy = 0;
      for (let i = this.#scanned; i < this.#scanned + this.#windowSamples; i++) energy += this.#held[i]! ** 2;
      if (Number.isNaN(energy)) {
        throw new ParleyError({
          code: 'engine-failed',
          stage: 'speak',
          message: 'the voice made samples that are no numbers',
        });
      }
      if (energy < AUDIBLE_RMS ** 2 * this.#windowSamples) continue;
      first ??= this.#scanned;
      this.#audibleEnd = this.#scanned + this.#windowSamples;
    }
    return first;
  }
}

/** How long a speaker rests after a clause, by its last punctuation. Shorter than in read prose: clauses arrive as they are made. */
export function pauseAfterMs(text: string): number {
  const last =
    text
      .trimEnd()
      .replace(/["'”’)\]]+$/, '')
      .at(-1) ?? '';
  if ('.!?…'.includes(last)) return 220;
  return ',;:—–'.includes(last) ? 120 : 40;
}

function fadeIn(samples: Float32Array, fadeSamples: number): void {
  const length = Math.min(fadeSamples, samples.length);
  for (let i = 0; i < length; i++) samples[i]! *= i / length;
}

function fadeOut(samples: Float32Array, fadeSamples: number): void {
  const length = Math.min(fadeSamples, samples.length);
  for (let i = 0; i < length; i++) samples[samples.length - 1 - i]! *= i / length;
}
