import { BRIEF_SECONDS, SAMPLED_SECONDS } from '../../domain/voice-cues/speaker-likeness.ts';
import type { SpeakerEncoder, VoiceMeasures } from '../../ports/voice-cues.ts';
import type { AudioRing } from './audio-ring.ts';

const RATE_HZ = 16_000;
/** Where a voice may be recognised by: an utterance begins 300 ms before its first sound. */
const FROM_SAMPLES = 0.25 * RATE_HZ;

/** Has the beginning of an utterance recognised while the rest is still said, so that nobody waits for it in the end. */
export class SpeakerSampling {
  readonly #encoder: SpeakerEncoder;
  readonly #ring: AudioRing;
  readonly #fromSample: number;
  /** Soonest first: most short turns are long enough for the first. */
  readonly #wanted: { of: 'briefSpeaker' | 'speaker'; seconds: number }[] = [
    { of: 'briefSpeaker', seconds: BRIEF_SECONDS },
    { of: 'speaker', seconds: SAMPLED_SECONDS },
  ];
  #found: { briefSpeaker: readonly number[] | null; speaker: readonly number[] | null } = {
    briefSpeaker: null,
    speaker: null,
  };

  constructor(options: { encoder: SpeakerEncoder; ring: AudioRing; fromSample: number }) {
    this.#encoder = options.encoder;
    this.#ring = options.ring;
    this.#fromSample = Math.max(0, options.fromSample) + FROM_SAMPLES;
  }

  /** Null until enough was said for each. */
  get found(): Pick<VoiceMeasures, 'speaker' | 'briefSpeaker'> {
    return this.#found;
  }

  advance(): void {
    const next = this.#wanted[0];
    if (!next) return;
    const toSample = this.#fromSample + next.seconds * RATE_HZ;
    if (this.#ring.endSample < toSample) return;
    this.#wanted.shift();
    this.#encoder.embed(this.#ring.read(this.#fromSample, toSample)).then(
      (vector) => (this.#found = { ...this.#found, [next.of]: vector }),
      // Then the features say alone who it was.
      () => {},
    );
  }
}
