import { BIN_HZ, BINS, SAMPLE_RATE_HZ } from './frame-spectra.ts';

/** The axis of the sum: points at even distances in octaves. */
const LOWEST_HZ = 25;
const POINTS = 513;
const OCTAVES = Math.log2(SAMPLE_RATE_HZ / 2 / LOWEST_HZ);
const HARMONICS = 15;
/** Each harmonic counts for this much of the one below it. */
const COMPRESSION = 0.85;
/** Bins on either side of a peak that are kept; what lies between peaks is noise. */
const PEAK_REACH = 2;
const CANDIDATES = 6;
const LOWEST_F0_HZ = 55;
const HIGHEST_F0_HZ = 1000;

export interface HarmonicCandidate {
  f0Hz: number;
  /** 0 … 1: how far the sum at this pitch stands out of the mean of all. */
  voicing: number;
}

/**
 * Whether there is a voice, from its harmonics (Hermes 1988): spectra are laid over each other so that all multiples of a pitch fall on it. It finds
 * the ends of voices better than the autocorrelation, which finds their pitch better. About 0.02 ms a frame.
 */
export class SubharmonicSum {
  readonly #peaks = new Float64Array(BINS);
  readonly #smooth = new Float64Array(BINS);
  readonly #axis = new Float64Array(POINTS);
  readonly #sum = new Float64Array(POINTS);
  readonly #frequencyHz = Float64Array.from(
    { length: POINTS },
    (_, i) => LOWEST_HZ * 2 ** ((i * OCTAVES) / (POINTS - 1)),
  );
  /** First of the four bins that a point is interpolated from (Catmull–Rom), and their weights: the ear's, too, below some 65 Hz. */
  readonly #firstBin = Int32Array.from(this.#frequencyHz, (hz) =>
    Math.max(0, Math.min(BINS - 4, Math.floor(hz / BIN_HZ) - 1)),
  );
  readonly #weights = Float64Array.from({ length: 4 * POINTS }, (_, i) => this.#weightOf(i >> 2, i & 3));
  readonly #shifts = Int32Array.from({ length: HARMONICS }, (_, i) =>
    Math.floor((POINTS / OCTAVES) * Math.log2(i + 1) + 1e-9),
  );

  /** The best pitches of a frame's power spectrum (60 ms), the best first. */
  candidates(power: Float64Array): HarmonicCandidate[] {
    this.#layOut(power);
    const axis = this.#axis;
    const sum = this.#sum.fill(0);
    for (let harmonic = 0, share = 1; harmonic < HARMONICS; harmonic++, share *= COMPRESSION) {
      const shift = this.#shifts[harmonic]!;
      for (let j = shift; j < POINTS; j++) sum[j - shift]! += share * axis[j]!;
    }
    let mean = 0;
    for (let i = 0; i < POINTS; i++) mean += sum[i]! / POINTS;
    const found: { at: number; height: number }[] = [];
    for (let i = 1; i < POINTS - 1; i++) {
      const height = sum[i]!;
      if (height > sum[i - 1]! && height > sum[i + 1]!) found.push({ at: i, height });
    }
    return found
      .sort((a, b) => b.height - a.height)
      .slice(0, CANDIDATES)
      .filter(({ at }) => this.#frequencyHz[at]! >= LOWEST_F0_HZ && this.#frequencyHz[at]! <= HIGHEST_F0_HZ)
      .map(({ at, height }) => {
        const [before, after] = [sum[at - 1]!, sum[at + 1]!];
        const shift = (0.5 * (before - after)) / (before - 2 * height + after);
        const top = height - 0.25 * (before - after) * shift;
        return {
          f0Hz: LOWEST_HZ * 2 ** (((at + shift) * OCTAVES) / (POINTS - 1)),
          voicing: Math.max(0, 1 - mean / top),
        };
      });
  }

  /** Peaks of the magnitude, smoothed, on the axis of octaves. */
  #layOut(power: Float64Array): void {
    const peaks = this.#peaks.fill(0);
    const smooth = this.#smooth;
    for (let k = 1; k < BINS - 1; k++) {
      const value = power[k]!;
      if (value <= power[k - 1]! || value < power[k + 1]!) continue;
      const to = Math.min(BINS - 1, k + PEAK_REACH);
      for (let i = Math.max(0, k - PEAK_REACH); i <= to; i++) peaks[i] = Math.sqrt(power[i]!);
    }
    for (let k = 1; k < BINS - 1; k++) smooth[k] = 0.25 * (peaks[k - 1]! + 2 * peaks[k]! + peaks[k + 1]!);
    const weights = this.#weights;
    for (let i = 0; i < POINTS; i++) {
      const bin = this.#firstBin[i]!;
      let value = 0;
      for (let k = 0; k < 4; k++) value += weights[4 * i + k]! * smooth[bin + k]!;
      this.#axis[i] = value > 0 ? value : 0;
    }
  }

  #weightOf(point: number, tap: number): number {
    const hz = this.#frequencyHz[point]!;
    const t = hz / BIN_HZ - this.#firstBin[point]! - 1;
    const cubic = [
      -0.5 * t + t ** 2 - 0.5 * t ** 3,
      1 - 2.5 * t ** 2 + 1.5 * t ** 3,
      0.5 * t + 2 * t ** 2 - 1.5 * t ** 3,
      0.5 * (t ** 3 - t ** 2),
    ][tap]!;
    return cubic * (0.5 + Math.atan(3 * Math.log2((2 * hz) / 65)) / Math.PI);
  }
}
