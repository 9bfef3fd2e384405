import { CAPTURE_FRAME_SAMPLES, CAPTURE_RATE_HZ } from '../contract/audio-format.ts';
import type { CaptureFrame } from '../ports/audio-devices.ts';
import { CaptureFramer } from './capture-framer.ts';
import { LevelMeter } from './level-meter.ts';
import { ZeroWatch } from './sample-watch.ts';
import { joinSamples, StreamingResampler } from './streaming-resampler.ts';

export interface Captured {
  frames: CaptureFrame[];
  isBlocked: boolean;
  isNewLevel: boolean;
}

/** From a device's blocks, at its rate, to capture frames whose positions go on counting whatever device it is. */
export class DeviceCapture {
  readonly #resampler: StreamingResampler;
  readonly #framer = new CaptureFramer();
  readonly #meter = new LevelMeter({ sampleRateHz: CAPTURE_RATE_HZ });
  #zeros = new ZeroWatch(CAPTURE_RATE_HZ);
  #isFirstBlock = true;

  private constructor(resampler: StreamingResampler) {
    this.#resampler = resampler;
  }

  static async create(): Promise<DeviceCapture> {
    return new DeviceCapture(await StreamingResampler.create({ inputRateHz: 48_000, outputRateHz: CAPTURE_RATE_HZ }));
  }

  /** Level of the last 50 ms. */
  get dbfs(): number {
    return this.#meter.dbfs;
  }

  /** What comes next is another device's. */
  startDevice(sampleRateHz: number): void {
    this.#resampler.restart({ inputRateHz: sampleRateHz, outputRateHz: CAPTURE_RATE_HZ });
    this.#zeros = new ZeroWatch(CAPTURE_RATE_HZ);
    this.#isFirstBlock = true;
  }

  add(deviceSamples: Float32Array): Captured {
    const samples = this.#aligned(this.#resampler.process(deviceSamples));
    this.#zeros.add(samples);
    const isNewLevel = this.#meter.add(samples);
    return { frames: this.#framer.add(samples), isBlocked: this.#zeros.isBlocked, isNewLevel };
  }

  close(): void {
    this.#resampler.close();
  }

  /**
   * The resampler holds back the same few samples for ever: silence in front of the first block makes every later one of 20 ms
   * fill whole frames, which otherwise would be 7 ms late.
   */
  #aligned(samples: Float32Array): Float32Array {
    if (!this.#isFirstBlock) return samples;
    this.#isFirstBlock = false;
    const missing = CAPTURE_FRAME_SAMPLES - ((this.#framer.waitingSamples + samples.length) % CAPTURE_FRAME_SAMPLES);
    return joinSamples([new Float32Array(missing % CAPTURE_FRAME_SAMPLES), samples]);
  }
}
