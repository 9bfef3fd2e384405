import type { Asr, Transcript } from '../../ports/asr.ts';
import type { AudioRing } from './audio-ring.ts';
import { withoutJunk } from './junk-text.ts';
import type { SpeechTrack } from './speech-track.ts';

/** Kept around the speech: recognisers need the soft beginnings and ends that a VAD misses, and nothing beyond. */
const LEAD_SAMPLES = 6400;
const TRAIL_SAMPLES = 4800;
/** Less speech than this (of 32 ms windows) is a click, not a word: even "no" takes 200 ms. */
const MIN_SPEECH_WINDOWS = 3;

export interface Hearing {
  /** Audio up to here was heard. */
  endSample: number;
  transcript: Transcript;
}

/** Recognises the speech in a piece of the stream: silence is trimmed, and what is no speech is not even tried. */
export class SegmentRecogniser {
  readonly #asr: Asr;
  readonly #ring: AudioRing;
  readonly #track: SpeechTrack;

  constructor(options: { asr: Asr; ring: AudioRing; track: SpeechTrack }) {
    this.#asr = options.asr;
    this.#ring = options.ring;
    this.#track = options.track;
  }

  /** Longest piece that the recogniser handles well. */
  get maxSegmentSamples(): number {
    return this.#asr.maxSegmentSeconds * 16_000;
  }

  /** `draft`: an earlier hearing of the same piece. Throws what the recogniser throws. */
  async hear(
    range: { fromSample: number; toSample: number },
    options: { signal: AbortSignal; draft: Transcript | undefined },
  ): Promise<Hearing> {
    const { fromSample, toSample } = range;
    const windows = this.#track.speechWindows(fromSample, toSample);
    if (windows < MIN_SPEECH_WINDOWS) return { endSample: toSample, transcript: { text: '' } };
    const speechFrom = this.#track.firstSpeech(fromSample, toSample)! - LEAD_SAMPLES;
    const speechTo = this.#track.lastSpeechEnd(fromSample, toSample)! + TRAIL_SAMPLES;
    const pcm = this.#ring.read(Math.max(fromSample, speechFrom), Math.min(toSample, speechTo));
    // The ring no longer holds it: an utterance read long after it was said.
    if (pcm.length === 0) return { endSample: toSample, transcript: { text: '' } };
    const { signal, draft } = options;
    const transcript = await this.#asr.transcribe(pcm, draft ? { signal, draft } : { signal });
    const speechMs = (windows * this.#track.windowSamples) / 16;
    // Audio that begins in mid-sentence can come with the punctuation of what was before it.
    const text = withoutJunk(transcript.text, speechMs).replace(/^[\s,.;:!?…]+/u, '');
    return { endSample: toSample, transcript: { ...transcript, text } };
  }
}
