import { FULL_SAMPLE_SECONDS, SAMPLE_SECONDS, type SpeakerSample } from '../../domain/voice-cues/speaker-likeness.ts';
import type { SpeakerEncoder } from '../../ports/voice-cues.ts';
import type { AudioRing } from './audio-ring.ts';
import type { SpeechTrack } from './speech-track.ts';

const RATE_HZ = 16_000;
/** Where a voice may be recognised by: an utterance begins 300 ms before its first sound. */
const FROM_SAMPLES = 0.25 * RATE_HZ;

/** Has the beginning of an utterance encoded before anybody asks: a full sample while the rest is still said, of less what there is, in the pause behind it. */
export class SpeakerSampling {
  readonly #encoder: SpeakerEncoder;
  readonly #ring: AudioRing;
  readonly #track: SpeechTrack;
  readonly #fromSample: number;
  /** Seconds of the longest sample that was asked for. */
  #asked = 0;
  #found: SpeakerSample | null = null;

  constructor(options: { encoder: SpeakerEncoder; ring: AudioRing; track: SpeechTrack; fromSample: number }) {
    this.#encoder = options.encoder;
    this.#ring = options.ring;
    this.#track = options.track;
    this.#fromSample = Math.max(0, options.fromSample) + FROM_SAMPLES;
  }

  /** By the longest sample so far; null before there is one. */
  get found(): SpeakerSample | null {
    return this.#found;
  }

  /** To be called when the track has grown. */
  advance(): void {
    if (this.#asked === FULL_SAMPLE_SECONDS) return;
    const { endSample } = this.#track;
    const spokenTo = this.#track.lastSpeechEnd(this.#fromSample, endSample) ?? 0;
    const seconds = SAMPLE_SECONDS.findLast((each) => this.#fromSample + each * RATE_HZ <= spokenTo) ?? 0;
    const isPausing = spokenTo < endSample;
    if (seconds <= this.#asked || !(isPausing || seconds === FULL_SAMPLE_SECONDS)) return;
    this.#asked = seconds;
    this.#encoder.embed(this.#ring.read(this.#fromSample, this.#fromSample + seconds * RATE_HZ)).then(
      (vector) => (this.#found = { vector, seconds }),
      // Then the features say alone who it was.
      () => {},
    );
  }
}
