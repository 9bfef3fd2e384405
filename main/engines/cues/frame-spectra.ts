import { MixedRadixFft } from '../mixed-radix-fft.ts';

export const SAMPLE_RATE_HZ = 16_000;
/** A frame every 10 ms … */
export const HOP_SAMPLES = 160;
/** … of 60 ms for what needs several periods of a voice (pitch, harmonics), and its middle 20 ms for the rest: as in eGeMAPS. */
export const FRAME_SAMPLES = 960;
const SHORT_SAMPLES = 320;
const SHORT_OFFSET = (FRAME_SAMPLES - SHORT_SAMPLES) / 2;
/** More than a frame and the longest period together, so that the autocorrelation does not wrap. */
const FFT_SIZE = 1280;
export const BIN_HZ = SAMPLE_RATE_HZ / FFT_SIZE;
export const BINS = FFT_SIZE / 2 + 1;
/** Width of the Gaussian window in half frames. */
const GAUSS_SIGMA = 0.4;
/** What the pitch is looked for in: hum below, hiss above. */
const PITCH_FROM_BIN = Math.round(50 / BIN_HZ);
const PITCH_TO_BIN = Math.round(4000 / BIN_HZ);

/** Spectra of one frame after another; each call overwrites the last one's. */
export class FrameSpectra {
  /** Power of the 60 ms frame (Gaussian window) by bin of 12.5 Hz. */
  readonly longPower = new Float64Array(BINS);
  /** Power of the middle 20 ms (Hamming window). */
  readonly shortPower = new Float64Array(BINS);
  /** Autocorrelation of the frame between 50 Hz and 4 kHz by lag in samples; 1 at lag 0, the window's own decay taken out. */
  readonly autocorrelation = new Float64Array(FFT_SIZE / 2);
  /** Largest absolute sample. */
  peak = 0;
  readonly #fft = new MixedRadixFft(FFT_SIZE);
  readonly #re = new Float64Array(FFT_SIZE);
  readonly #im = new Float64Array(FFT_SIZE);
  readonly #gauss = gaussWindow();
  readonly #hamming = Float64Array.from(
    { length: SHORT_SAMPLES },
    (_, i) => 0.54 - 0.46 * Math.cos((2 * Math.PI * i) / (SHORT_SAMPLES - 1)),
  );
  readonly #windowDecay: Float64Array;

  constructor() {
    this.#windowDecay = autocorrelationOf(this.#gauss);
  }

  /** Takes FRAME_SAMPLES samples. Both windows go through one complex transform: one as its real, one as its imaginary part. */
  analyse(frame: Float32Array): void {
    const { longPower, shortPower } = this;
    let mean = 0;
    for (let i = 0; i < FRAME_SAMPLES; i++) mean += frame[i]!;
    mean /= FRAME_SAMPLES;
    this.peak = 0;
    this.#re.fill(0);
    this.#im.fill(0);
    for (let i = 0; i < FRAME_SAMPLES; i++) {
      const sample = frame[i]! - mean;
      this.peak = Math.max(this.peak, Math.abs(sample));
      this.#re[i] = sample * this.#gauss[i]!;
    }
    for (let i = 0; i < SHORT_SAMPLES; i++) this.#im[i] = (frame[SHORT_OFFSET + i]! - mean) * this.#hamming[i]!;
    const { re, im } = this.#fft.forward({ re: this.#re, im: this.#im });
    for (let k = 0; k < BINS; k++) {
      const mirror = (FFT_SIZE - k) % FFT_SIZE;
      const longRe = (re[k]! + re[mirror]!) / 2;
      const longIm = (im[k]! - im[mirror]!) / 2;
      const shortRe = (im[k]! + im[mirror]!) / 2;
      const shortIm = (re[mirror]! - re[k]!) / 2;
      longPower[k] = longRe * longRe + longIm * longIm;
      shortPower[k] = shortRe * shortRe + shortIm * shortIm;
    }
  }

  /** Fills `autocorrelation` from the frame that was analysed last. */
  correlate(): void {
    const { autocorrelation, longPower } = this;
    this.#re.fill(0);
    this.#im.fill(0);
    for (let k = PITCH_FROM_BIN; k <= PITCH_TO_BIN; k++) this.#re[k] = this.#re[FFT_SIZE - k] = longPower[k]!;
    const { re } = this.#fft.forward({ re: this.#re, im: this.#im });
    const scale = re[0]! > 0 ? 1 / re[0]! : 0;
    for (let lag = 0; lag < autocorrelation.length; lag++) {
      autocorrelation[lag] = (re[lag]! * scale) / Math.max(1e-3, this.#windowDecay[lag]!);
    }
  }
}

function gaussWindow(): Float64Array {
  const middle = (FRAME_SAMPLES - 1) / 2;
  return Float64Array.from({ length: FRAME_SAMPLES }, (_, i) =>
    Math.exp(-0.5 * ((i - middle) / (GAUSS_SIGMA * middle)) ** 2),
  );
}

/** By lag, 1 at lag 0. */
function autocorrelationOf(signal: Float64Array): Float64Array {
  const byLag = new Float64Array(FFT_SIZE / 2);
  for (let lag = 0; lag < byLag.length; lag++) {
    for (let i = lag; i < signal.length; i++) byLag[lag]! += signal[i]! * signal[i - lag]!;
  }
  return byLag.map((value) => value / byLag[0]!);
}
