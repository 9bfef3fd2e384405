import { SOUND_THRESHOLD } from '../../../main/evaluation/sound/sound.ts';

const WINDOW_SECONDS = 0.01;
const WINDOWS_OF_SOUND = 5;
const BYTES_PER_FRAME = 4;

/** Follows the loudspeaker's wire while it is recorded, in windows of 10 ms: when to speak next. Nothing is scored by it. */
export class LoudspeakerWatch {
  readonly #windowSamples: number;
  readonly #loud: boolean[] = [];
  #rest = Buffer.alloc(0);
  #lastLoudWindow = -1;

  constructor(sampleRateHz: number) {
    this.#windowSamples = Math.round(sampleRateHz * WINDOW_SECONDS);
  }

  /** Interleaved PCM16: microphone, loudspeaker. Not necessarily cut at samples. */
  push(chunk: Buffer): void {
    const bytes = Buffer.concat([this.#rest, chunk]);
    const windowBytes = this.#windowSamples * BYTES_PER_FRAME;
    let at = 0;
    for (; at + windowBytes <= bytes.length; at += windowBytes) {
      const isLoud = this.#isLoud(bytes.subarray(at, at + windowBytes));
      if (isLoud) this.#lastLoudWindow = this.#loud.length;
      this.#loud.push(isLoud);
    }
    this.#rest = bytes.subarray(at);
  }

  /** Sample of the first 50 ms of sound that begin at `sinceSample` or later, to 10 ms. */
  onsetSince(sinceSample: number): number | undefined {
    const first = Math.max(0, Math.floor(sinceSample / this.#windowSamples));
    for (let at = first; at + WINDOWS_OF_SOUND <= this.#loud.length; at++)
      if (this.#loud.slice(at, at + WINDOWS_OF_SOUND).every(Boolean)) return at * this.#windowSamples;
    return undefined;
  }

  /** End of the last sound so far, to 10 ms; 0 when there was none. */
  get lastSoundSample(): number {
    return (this.#lastLoudWindow + 1) * this.#windowSamples;
  }

  #isLoud(window: Buffer): boolean {
    for (let at = 2; at < window.length; at += BYTES_PER_FRAME)
      if (Math.abs(window.readInt16LE(at)) > SOUND_THRESHOLD * 32_768) return true;
    return false;
  }
}
