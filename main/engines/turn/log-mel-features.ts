import { melFilterBank } from './mel-filter-bank.ts';
import { MixedRadixFft } from '../mixed-radix-fft.ts';
import { pairwiseSum } from './pairwise-sum.ts';

const SAMPLE_RATE_HZ = 16_000;
export const FEATURE_WINDOW_SAMPLES = 8 * SAMPLE_RATE_HZ;
export const MEL_BANDS = 80;
export const FEATURE_FRAMES = 800;
const FFT_SIZE = 400;
const HALF_FFT = FFT_SIZE / 2;
const HOP_SAMPLES = 160;
const VARIANCE_EPSILON = 1e-7;
const MEL_FLOOR = 1e-10;

const hann = Float64Array.from({ length: FFT_SIZE }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / FFT_SIZE));
const filters = melFilterBank({ filters: MEL_BANDS, fftSize: FFT_SIZE, sampleRateHz: SAMPLE_RATE_HZ });

/**
 * Whisper's log-mel features over the last 8 s, as Smart Turn v3 wants them: shorter audio gets zeros on the left, and the
 * padded buffer is brought to zero mean and unit variance in float32 before anything else. Keeps its buffers between calls.
 */
export class LogMelFeatures {
  /** The normalised window with HALF_FFT reflected samples on each side. */
  readonly #padded = new Float32Array(FEATURE_WINDOW_SAMPLES + FFT_SIZE);
  readonly #fft = new MixedRadixFft(FFT_SIZE);
  readonly #pair = { re: new Float64Array(FFT_SIZE), im: new Float64Array(FFT_SIZE) };
  readonly #first = new Float64Array(HALF_FFT + 1);
  readonly #second = new Float64Array(HALF_FFT + 1);

  /** 16 kHz mono of any length → [MEL_BANDS × FEATURE_FRAMES], band by band. About 6 ms for 8 s, 2 ms for 1 s. */
  compute(pcm: Float32Array): Float32Array {
    const silentSamples = this.#fillWindow(pcm);
    const logMel = new Float32Array(MEL_BANDS * FEATURE_FRAMES);
    // Frames that lie wholly in the padding are all the same: compute the first pair and copy it.
    const silentFrames = Math.max(0, Math.min(FEATURE_FRAMES, Math.floor((silentSamples - HALF_FFT) / HOP_SAMPLES)));
    if (silentFrames > 0) {
      this.#transformPair(0, 0, logMel);
      for (let band = 0; band < MEL_BANDS; band++) {
        const row = band * FEATURE_FRAMES;
        logMel.fill(logMel[row]!, row, row + silentFrames);
      }
    }
    for (let frame = silentFrames; frame < FEATURE_FRAMES; frame += 2) {
      this.#transformPair(frame, Math.min(frame + 1, FEATURE_FRAMES - 1), logMel);
    }
    return compressRange(logMel);
  }

  /** Returns how many samples of padding come before the audio. */
  #fillWindow(pcm: Float32Array): number {
    const audio = pcm.length > FEATURE_WINDOW_SAMPLES ? pcm.subarray(pcm.length - FEATURE_WINDOW_SAMPLES) : pcm;
    const silentSamples = FEATURE_WINDOW_SAMPLES - audio.length;
    const window = this.#padded.subarray(HALF_FFT, HALF_FFT + FEATURE_WINDOW_SAMPLES);
    window.fill(0, 0, silentSamples);
    window.set(audio, silentSamples);
    normalise(window);
    for (let i = 1; i <= HALF_FFT; i++) {
      this.#padded[HALF_FFT - i] = window[i]!;
      this.#padded[HALF_FFT + FEATURE_WINDOW_SAMPLES - 1 + i] = window[FEATURE_WINDOW_SAMPLES - 1 - i]!;
    }
    return silentSamples;
  }

  /** Two real frames by one complex FFT: the second rides in the imaginary part. */
  #transformPair(first: number, second: number, logMel: Float32Array): void {
    const [a, b] = [first * HOP_SAMPLES, second * HOP_SAMPLES];
    for (let i = 0; i < FFT_SIZE; i++) {
      this.#pair.re[i] = this.#padded[a + i]! * hann[i]!;
      this.#pair.im[i] = this.#padded[b + i]! * hann[i]!;
    }
    const { re, im } = this.#fft.forward(this.#pair);
    for (let bin = 0; bin <= HALF_FFT; bin++) {
      const mirror = bin === 0 ? 0 : FFT_SIZE - bin;
      this.#first[bin] = ((re[bin]! + re[mirror]!) ** 2 + (im[bin]! - im[mirror]!) ** 2) / 4;
      this.#second[bin] = ((re[bin]! - re[mirror]!) ** 2 + (im[bin]! + im[mirror]!) ** 2) / 4;
    }
    writeLogMel(this.#first, logMel, first);
    writeLogMel(this.#second, logMel, second);
  }
}

function writeLogMel(spectrum: Float64Array, logMel: Float32Array, frame: number): void {
  for (let band = 0; band < MEL_BANDS; band++) {
    const { firstBin, weights } = filters[band]!;
    let energy = 0;
    for (let i = 0; i < weights.length; i++) energy += weights[i]! * spectrum[firstBin + i]!;
    logMel[band * FEATURE_FRAMES + frame] = Math.log10(Math.max(MEL_FLOOR, energy));
  }
}

/** To zero mean and unit variance, in place; every step rounds to float32 as NumPy does. */
function normalise(window: Float32Array): void {
  const mean = Math.fround(pairwiseSum(window) / window.length);
  const squares = new Float32Array(window.length);
  for (let i = 0; i < window.length; i++) squares[i] = Math.fround(window[i]! - mean) ** 2;
  const variance = Math.fround(pairwiseSum(squares) / window.length);
  const deviation = Math.fround(Math.sqrt(Math.fround(variance + VARIANCE_EPSILON)));
  for (let i = 0; i < window.length; i++) window[i] = Math.fround(window[i]! - mean) / deviation;
}

/** Keeps eight decades below the loudest value and scales to about −1…1, in place. */
function compressRange(logMel: Float32Array): Float32Array {
  let loudest = -Infinity;
  for (const value of logMel) if (value > loudest) loudest = value;
  for (let i = 0; i < logMel.length; i++) logMel[i] = (Math.max(logMel[i]!, loudest - 8) + 4) / 4;
  return logMel;
}
