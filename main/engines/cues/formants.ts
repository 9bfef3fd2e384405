import { BIN_HZ } from './frame-spectra.ts';

/** Formants of a voice lie below this; the predictor sees the spectrum only up to here, as if it were sampled at 11 kHz. */
const NYQUIST_HZ = 5500;
const BINS = Math.round(NYQUIST_HZ / BIN_HZ);
/** Two poles a formant and one for the slope of the spectrum. */
const ORDER = 11;
const MAX_ITERATIONS = 24;
/** Without pre-emphasis (as in eGeMAPS) the lowest pole is the slope of the voice itself. */
const LOWEST_HZ = 200;
const WIDEST_HZ = 600;

export interface Formant {
  frequencyHz: number;
  bandwidthHz: number;
}

/** Resonances of the vocal tract: poles of a linear predictor of a frame's power spectrum, the lowest first. */
export class FormantFinder {
  readonly #cosines = Array.from({ length: ORDER + 1 }, (_, lag) =>
    Float64Array.from(
      { length: BINS + 1 },
      (_, k) => Math.cos((Math.PI * lag * k) / BINS) * (k % BINS === 0 ? 0.5 : 1),
    ),
  );

  find(power: Float64Array): Formant[] {
    const correlation = this.#cosines.map((cosines) => {
      let sum = 0;
      for (let k = 0; k <= BINS; k++) sum += power[k]! * cosines[k]!;
      return sum;
    });
    const predictor = levinson(correlation);
    if (!predictor) return [];
    const { re, im } = rootsOf(predictor);
    const formants: Formant[] = [];
    for (let i = 0; i < ORDER; i++) {
      const frequencyHz = (Math.atan2(im[i]!, re[i]!) * NYQUIST_HZ) / Math.PI;
      const bandwidthHz = (-Math.log(Math.hypot(re[i]!, im[i]!)) * 2 * NYQUIST_HZ) / Math.PI;
      const isFormant = frequencyHz > LOWEST_HZ && frequencyHz < NYQUIST_HZ - 50 && bandwidthHz < WIDEST_HZ;
      if (isFormant) formants.push({ frequencyHz, bandwidthHz });
    }
    return formants.sort((a, b) => a.frequencyHz - b.frequencyHz);
  }
}

/** Coefficients 1, a1, … of the prediction error filter; undefined for silence. */
function levinson(correlation: number[]): number[] | undefined {
  const a = [1];
  let error = correlation[0]! * (1 + 1e-9);
  if (!(error > 0)) return undefined;
  for (let m = 1; m <= ORDER; m++) {
    let sum = 0;
    for (let i = 0; i < m; i++) sum += a[i]! * correlation[m - i]!;
    const reflection = -sum / error;
    const before = a.slice();
    a.push(0);
    for (let i = 1; i <= m; i++) a[i] = a[i]! + reflection * (before[m - i] ?? 0);
    error *= 1 - reflection * reflection;
    if (!(error > 0)) return undefined;
  }
  return a;
}

/** All roots at once (Durand–Kerner): a dozen rounds for polynomials like these. Without destructuring, which costs more than the sums here. */
function rootsOf(coefficients: readonly number[]): { re: number[]; im: number[] } {
  const re: number[] = [];
  const im: number[] = [];
  for (let i = 0; i < ORDER; i++) {
    const angle = (2 * Math.PI * (i + 0.25)) / ORDER;
    re.push(0.9 * Math.cos(angle));
    im.push(0.9 * Math.sin(angle));
  }
  for (let round = 0; round < MAX_ITERATIONS; round++) {
    let largest = 0;
    for (let i = 0; i < ORDER; i++) {
      const atR = re[i]!;
      const atI = im[i]!;
      let pr = 1;
      let pi = 0;
      for (let k = 1; k <= ORDER; k++) {
        const before = pr;
        pr = pr * atR - pi * atI + coefficients[k]!;
        pi = before * atI + pi * atR;
      }
      let qr = 1;
      let qi = 0;
      for (let j = 0; j < ORDER; j++) {
        if (j === i) continue;
        const dr = atR - re[j]!;
        const di = atI - im[j]!;
        const before = qr;
        qr = qr * dr - qi * di;
        qi = before * di + qi * dr;
      }
      const size = qr * qr + qi * qi || 1e-30;
      const stepR = (pr * qr + pi * qi) / size;
      const stepI = (pi * qr - pr * qi) / size;
      re[i] = atR - stepR;
      im[i] = atI - stepI;
      largest = Math.max(largest, Math.abs(stepR) + Math.abs(stepI));
    }
    if (largest < 1e-6) break;
  }
  return { re, im };
}
