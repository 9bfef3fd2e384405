import type { SpeakerEncoder } from '../../ports/voice-cues.ts';
import type { AudioRing } from './audio-ring.ts';

/** Where a voice may be recognised by: an utterance begins 300 ms before its first sound. */
const FROM_SAMPLES = 0.25 * 16_000;
/** More than this makes it no clearer whose voice it is (docs/voice-cues.md), and costs more. */
const SAMPLES = 1.5 * 16_000;

/** Has the beginning of an utterance recognised while the rest is still said, so that nobody waits for it in the end. */
export class SpeakerSampling {
  readonly #encoder: SpeakerEncoder;
  readonly #ring: AudioRing;
  readonly #fromSample: number;
  #isAsked = false;
  #speaker: readonly number[] | null = null;

  constructor(options: { encoder: SpeakerEncoder; ring: AudioRing; fromSample: number }) {
    this.#encoder = options.encoder;
    this.#ring = options.ring;
    this.#fromSample = Math.max(0, options.fromSample) + FROM_SAMPLES;
  }

  /** Null until enough was said. */
  get speaker(): readonly number[] | null {
    return this.#speaker;
  }

  advance(): void {
    const toSample = this.#fromSample + SAMPLES;
    if (this.#isAsked || this.#ring.endSample < toSample) return;
    this.#isAsked = true;
    this.#encoder.embed(this.#ring.read(this.#fromSample, toSample)).then(
      (speaker) => (this.#speaker = speaker),
      // Then nothing is said of who it was, and so nothing of the mood.
      () => {},
    );
  }
}
