import { BIN_HZ } from './frame-spectra.ts';

const BANDS = 26;
const LOWEST_HZ = 20;
const HIGHEST_HZ = 8000;
/** Loudness grows with about the cube root of power (Stevens); eGeMAPS takes 0.33. */
const LOUDNESS_EXPONENT = 0.33;
const CEPSTRAL_LIFTER = 22;
export const CEPSTRA = 4;

const melOf = (hz: number): number => 1127 * Math.log(1 + hz / 700);
const hzOf = (mel: number): number => 700 * (Math.exp(mel / 1127) - 1);

/** Triangles on the mel scale, 20 Hz to 8 kHz, and what is read from them: loudness and the first cepstral coefficients. */
export class AuditorySpectrum {
  readonly #bandOf: { bin: number; band: number; weight: number }[] = [];
  readonly #equalLoudness = new Float64Array(BANDS);
  readonly #cosines: Float64Array[];
  readonly #energies = new Float64Array(BANDS);

  constructor() {
    const step = (melOf(HIGHEST_HZ) - melOf(LOWEST_HZ)) / (BANDS + 1);
    const edges = Array.from({ length: BANDS + 2 }, (_, i) => melOf(LOWEST_HZ) + i * step);
    for (let band = 0; band < BANDS; band++) {
      this.#equalLoudness[band] = equalLoudness(hzOf(edges[band + 1]!));
      const from = Math.ceil(hzOf(edges[band]!) / BIN_HZ);
      const to = Math.floor(hzOf(edges[band + 2]!) / BIN_HZ);
      for (let bin = from; bin <= to; bin++) {
        const weight = 1 - Math.abs(melOf(bin * BIN_HZ) - edges[band + 1]!) / step;
        if (weight > 0) this.#bandOf.push({ bin, band, weight });
      }
    }
    this.#cosines = Array.from({ length: CEPSTRA }, (_, i) =>
      Float64Array.from({ length: BANDS }, (_, band) => Math.cos((Math.PI * (i + 1) * (band + 0.5)) / BANDS)),
    );
  }

  /** From the power spectrum of the short frame. */
  analyse(power: Float64Array): { loudness: number; mfcc: number[] } {
    const energies = this.#energies.fill(0);
    for (const { bin, band, weight } of this.#bandOf) energies[band]! += weight * power[bin]!;
    let loudness = 0;
    for (let band = 0; band < BANDS; band++) {
      loudness += (energies[band]! * this.#equalLoudness[band]!) ** LOUDNESS_EXPONENT;
    }
    for (let band = 0; band < BANDS; band++) energies[band] = Math.log(Math.max(1e-10, energies[band]!));
    const mfcc = this.#cosines.map((cosines, i) => {
      const lift = 1 + (CEPSTRAL_LIFTER / 2) * Math.sin((Math.PI * (i + 1)) / CEPSTRAL_LIFTER);
      let sum = 0;
      for (let band = 0; band < BANDS; band++) sum += energies[band]! * cosines[band]!;
      return lift * Math.sqrt(2 / BANDS) * sum;
    });
    return { loudness, mfcc };
  }
}

/** How sensitive the ear is at a frequency (Hermansky 1990), at most about 1. */
function equalLoudness(hz: number): number {
  const w2 = (2 * Math.PI * hz) ** 2;
  return ((w2 + 56.8e6) * w2 * w2) / ((w2 + 6.3e6) ** 2 * (w2 + 0.38e9));
}
