import type { VoiceMeasures, VoiceMeter } from '../../ports/voice-cues.ts';
import type { AudioRing } from './audio-ring.ts';

/** Feeds the meter with the open utterance, piece by piece as the ring fills. */
export class VoiceMeasuring {
  readonly #meter: VoiceMeter;
  readonly #ring: AudioRing;
  #nextSample = 0;

  constructor(options: { meter: VoiceMeter; ring: AudioRing; fromSample: number }) {
    this.#meter = options.meter;
    this.#ring = options.ring;
    this.#nextSample = Math.max(0, options.fromSample);
    this.#meter.begin();
  }

  advance(): void {
    const { endSample } = this.#ring;
    if (endSample <= this.#nextSample) return;
    this.#meter.push(this.#ring.read(this.#nextSample, endSample));
    this.#nextSample = endSample;
  }

  /** Of the utterance up to now: silence at its end changes nothing. */
  measure(): VoiceMeasures | null {
    this.advance();
    return this.#meter.measure();
  }
}
