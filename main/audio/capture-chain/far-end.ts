import { CAPTURE_RATE_HZ } from '../../contract/audio-format.ts';
import { SampleRing } from '../sample-ring.ts';
import { StreamingResampler } from '../streaming-resampler.ts';

/** Below this (−80 dBFS) nothing that a loudspeaker plays is heard by a microphone. */
const AUDIBLE = 1e-4;
const CAPACITY_SAMPLES = 2 * CAPTURE_RATE_HZ;
/** The converter's memory: after so much silence it holds only zeros. */
const CONVERTER_TAIL_MS = 20;

/**
 * What the loudspeaker was given, at the microphone's rate, by sample index. Silence is counted and not converted: an idle app spends
 * nothing here.
 */
export class FarEnd {
  readonly #resampler: StreamingResampler;
  #ring = new SampleRing(CAPACITY_SAMPLES);
  #deviceRateHz = 48_000;
  #deviceSamples = 0;
  #silentDeviceSamples = Infinity;
  #soundEndSample = -Infinity;

  private constructor(resampler: StreamingResampler) {
    this.#resampler = resampler;
  }

  static async create(): Promise<FarEnd> {
    const rates = { inputRateHz: 48_000, outputRateHz: CAPTURE_RATE_HZ };
    return new FarEnd(await StreamingResampler.create(rates));
  }

  /** Index one past the newest sample. */
  get endSample(): number {
    return this.#ring.endSample;
  }

  /** Index one past the newest sample that can be heard; −Infinity before the first. */
  get soundEndSample(): number {
    return this.#soundEndSample;
  }

  /** A stream of another device begins. */
  restart(deviceRateHz: number): void {
    this.#deviceRateHz = deviceRateHz;
    this.#deviceSamples = 0;
    this.#silentDeviceSamples = Infinity;
    this.#ring = new SampleRing(CAPACITY_SAMPLES);
    this.#soundEndSample = -Infinity;
  }

  /** The next of what the device is given. */
  write(block: Float32Array): void {
    const isSound = isAudible(block);
    if (isSound) {
      if (this.#isConverterIdle) {
        this.#resampler.restart({ inputRateHz: this.#deviceRateHz, outputRateHz: CAPTURE_RATE_HZ });
      }
      this.#silentDeviceSamples = 0;
    }
    this.#deviceSamples += block.length;
    if (this.#isConverterIdle) this.#padTo(this.#captureSamples);
    else this.#ring.append(this.#resampler.process(block));
    if (isSound) this.#soundEndSample = this.#captureSamples;
    else this.#silentDeviceSamples += block.length;
  }

  /** Fills `out` from index `fromSample` on; silence where nothing is known. */
  read(fromSample: number, out: Float32Array): void {
    const { startSample, samples } = this.#ring.read(fromSample, fromSample + out.length);
    out.fill(0);
    if (samples.length > 0) out.set(samples, startSample - fromSample);
  }

  close(): void {
    this.#resampler.close();
  }

  get #isConverterIdle(): boolean {
    return this.#silentDeviceSamples >= (this.#deviceRateHz * CONVERTER_TAIL_MS) / 1000;
  }

  get #captureSamples(): number {
    return Math.round((this.#deviceSamples * CAPTURE_RATE_HZ) / this.#deviceRateHz);
  }

  /** What the converter holds back goes, too: it is silence. */
  #padTo(endSample: number): void {
    const missing = endSample - this.#ring.endSample;
    if (missing > 0) this.#ring.append(new Float32Array(missing));
  }
}

function isAudible(block: Float32Array): boolean {
  for (const sample of block) if (sample > AUDIBLE || sample < -AUDIBLE) return true;
  return false;
}
