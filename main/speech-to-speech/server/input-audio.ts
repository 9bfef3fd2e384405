import { fromPcm16 } from '../../lib/pcm16.ts';
import type { CaptureFrame } from '../../ports/audio-devices.ts';
import type { OpenResampler, Resampler } from '../../ports/resampler.ts';
import { WIRE_RATE_HZ } from './paced-output.ts';

const CAPTURE_RATE_HZ = 16_000;
const FRAME_SAMPLES = 160;

/** What a client appends, as frames of the microphone. */
export class InputAudio {
  readonly #openResampler: OpenResampler;
  readonly #firstSample: number;
  #resampler: Resampler | null = null;
  #rest = new Float32Array(0);
  #capturedSamples = 0;

  constructor({ openResampler, firstSample }: { openResampler: OpenResampler; firstSample: number }) {
    this.#openResampler = openResampler;
    this.#firstSample = firstSample;
  }

  get capturedMs(): number {
    return Math.round((this.#capturedSamples * 1000) / CAPTURE_RATE_HZ);
  }

  /** One call at a time. What is short of a frame waits for the next. */
  async frames(base64: string): Promise<CaptureFrame[]> {
    this.#resampler ??= await this.#openResampler({ inputRateHz: WIRE_RATE_HZ, outputRateHz: CAPTURE_RATE_HZ });
    const samples = this.#resampler.process(fromPcm16(Buffer.from(base64, 'base64')));
    const all = new Float32Array(this.#rest.length + samples.length);
    all.set(this.#rest);
    all.set(samples, this.#rest.length);
    const count = Math.floor(all.length / FRAME_SAMPLES);
    this.#rest = all.slice(count * FRAME_SAMPLES);
    const frames = Array.from({ length: count }, (_, i) => ({
      startSample: this.#firstSample + this.#capturedSamples + i * FRAME_SAMPLES,
      samples: all.slice(i * FRAME_SAMPLES, (i + 1) * FRAME_SAMPLES),
    }));
    this.#capturedSamples += count * FRAME_SAMPLES;
    return frames;
  }

  /** As if nobody said anything for so long: ears whose time is that of the sound need some to go on. */
  silence(ms: number): CaptureFrame[] {
    const count = Math.ceil((ms * CAPTURE_RATE_HZ) / 1000 / FRAME_SAMPLES);
    const frames = Array.from({ length: count }, (_, i) => ({
      startSample: this.#firstSample + this.#capturedSamples + i * FRAME_SAMPLES,
      samples: new Float32Array(FRAME_SAMPLES),
    }));
    this.#capturedSamples += count * FRAME_SAMPLES;
    return frames;
  }

  close(): void {
    this.#resampler?.close();
  }
}
