import { MixedRadixFft } from '../mixed-radix-fft.ts';

const SAMPLE_RATE_HZ = 16_000;
const FRAME_SAMPLES = 400;
const HOP_SAMPLES = 160;
/** The network was trained on spectra of 512 points; ours has twice as many, of which every second is the same. */
const FFT_SIZE = 1024;
const BINS = 256;
export const BANDS = 80;
const LOWEST_HZ = 20;
const PRE_EMPHASIS = 0.97;
/** Samples are as 16-bit numbers to the network's features; its least energy, too. */
const FULL_SCALE = 32_768;
const LEAST_ENERGY = 1.1920929e-7;

const melOf = (hz: number): number => 1127 * Math.log(1 + hz / 700);

/** Logarithms of 80 mel bands every 10 ms, each band's mean over the time taken off: what CAM++ was trained on (Kaldi's fbank, without dither). */
export class FilterBank {
  readonly #fft = new MixedRadixFft(FFT_SIZE);
  readonly #re = new Float64Array(FFT_SIZE);
  readonly #im = new Float64Array(FFT_SIZE);
  /** Povey's window. */
  readonly #window = Float64Array.from(
    { length: FRAME_SAMPLES },
    (_, i) => (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / (FRAME_SAMPLES - 1))) ** 0.85,
  );
  readonly #triangles = triangles();

  /** [band][frame] in one array, and the number of frames: 0 when there is less than one. */
  compute(pcm: Float32Array): { features: Float32Array; frames: number } {
    const frames = pcm.length < FRAME_SAMPLES ? 0 : 1 + Math.floor((pcm.length - FRAME_SAMPLES) / HOP_SAMPLES);
    const features = new Float32Array(BANDS * frames);
    // Two frames go through one complex transform.
    for (let frame = 0; frame < frames; frame += 2) {
      this.#fill(this.#re, pcm, frame);
      if (frame + 1 < frames) this.#fill(this.#im, pcm, frame + 1);
      const { re, im } = this.#fft.forward({ re: this.#re, im: this.#im });
      for (const { bin, band, weight } of this.#triangles) {
        const [k, mirror] = [2 * bin, (FFT_SIZE - 2 * bin) % FFT_SIZE];
        const first = (re[k]! + re[mirror]!) ** 2 + (im[k]! - im[mirror]!) ** 2;
        features[band * frames + frame]! += (weight * first) / 4;
        if (frame + 1 >= frames) continue;
        const second = (im[k]! + im[mirror]!) ** 2 + (re[mirror]! - re[k]!) ** 2;
        features[band * frames + frame + 1]! += (weight * second) / 4;
      }
    }
    for (let band = 0; band < BANDS; band++) {
      const row = features.subarray(band * frames, (band + 1) * frames);
      let mean = 0;
      for (let i = 0; i < frames; i++) mean += (row[i] = Math.log(Math.max(LEAST_ENERGY, row[i]!))) / frames;
      for (let i = 0; i < frames; i++) row[i]! -= mean;
    }
    return { features, frames };
  }

  #fill(into: Float64Array, pcm: Float32Array, frame: number): void {
    const from = frame * HOP_SAMPLES;
    into.fill(0);
    let mean = 0;
    for (let i = 0; i < FRAME_SAMPLES; i++) mean += pcm[from + i]! / FRAME_SAMPLES;
    for (let i = 0; i < FRAME_SAMPLES; i++) {
      const before = pcm[from + Math.max(0, i - 1)]! - mean;
      into[i] = FULL_SCALE * (pcm[from + i]! - mean - PRE_EMPHASIS * before) * this.#window[i]!;
    }
  }
}

function triangles(): { bin: number; band: number; weight: number }[] {
  const step = (melOf(SAMPLE_RATE_HZ / 2) - melOf(LOWEST_HZ)) / (BANDS + 1);
  const found = [];
  for (let bin = 0; bin < BINS; bin++) {
    const at = (melOf((bin * SAMPLE_RATE_HZ) / (2 * BINS)) - melOf(LOWEST_HZ)) / step;
    for (let band = 0; band < BANDS; band++) {
      const weight = 1 - Math.abs(at - band - 1);
      if (weight > 0) found.push({ bin, band, weight });
    }
  }
  return found;
}
