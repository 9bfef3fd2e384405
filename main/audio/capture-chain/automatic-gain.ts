import { CAPTURE_FRAME_SAMPLES, CAPTURE_RATE_HZ } from '../../contract/audio-format.ts';
import { dbToAmplitude } from '../gain-ramp.ts';

const TARGET_DBFS = -24;
const MAX_GAIN_DB = 20;
const MIN_GAIN_DB = -12;
/** Slower than syllables and words, whose levels say something. */
const SLEW_DB_PER_SECOND = 3;
const CEILING = dbToAmplitude(-1);
const RELEASE_MS = 50;

/** Slow level normalisation of the voice, and a limiter against what it makes too loud. */
export class AutomaticGain {
  #gainDb = 0;
  /** Factor of the limiter, 1 when it does nothing. */
  #limit = 1;

  get gainDb(): number {
    return this.#gainDb;
  }

  reset(): void {
    this.#gainDb = 0;
    this.#limit = 1;
  }

  /** One frame, in place. The gain only moves while there is speech: silence must not be made loud. */
  process(frame: Float32Array, voice: { speechDbfs: number; isSpeech: boolean }): void {
    const before = dbToAmplitude(this.#gainDb);
    if (voice.isSpeech) {
      const wantedDb = Math.min(MAX_GAIN_DB, Math.max(MIN_GAIN_DB, TARGET_DBFS - voice.speechDbfs));
      const stepDb = (SLEW_DB_PER_SECOND * CAPTURE_FRAME_SAMPLES) / CAPTURE_RATE_HZ;
      this.#gainDb += Math.max(-stepDb, Math.min(stepDb, wantedDb - this.#gainDb));
    }
    const step = (dbToAmplitude(this.#gainDb) - before) / frame.length;
    for (let i = 0; i < frame.length; i++) frame[i] = this.#limited(frame[i]! * (before + step * i));
  }

  #limited(sample: number): number {
    const loudness = Math.abs(sample);
    if (loudness * this.#limit > CEILING) this.#limit = CEILING / loudness;
    else this.#limit += ((1 - this.#limit) * 1000) / (RELEASE_MS * CAPTURE_RATE_HZ);
    return sample * this.#limit;
  }
}
