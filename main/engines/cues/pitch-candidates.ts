import { SAMPLE_RATE_HZ } from './frame-spectra.ts';

/** The range of eGeMAPS ends at 1 kHz; shouting and laughing stay below 700 Hz. */
export const LOWEST_F0_HZ = 55;
export const HIGHEST_F0_HZ = 700;
const SHORTEST_LAG = Math.floor(SAMPLE_RATE_HZ / HIGHEST_F0_HZ);
const LONGEST_LAG = Math.ceil(SAMPLE_RATE_HZ / LOWEST_F0_HZ);
const MAX_CANDIDATES = 5;
/** Weaker peaks are no voice. */
const MIN_STRENGTH = 0.25;
/** What a candidate an octave lower must be stronger by (Boersma 1993). */
const OCTAVE_COST = 0.04;

export interface PitchCandidate {
  f0Hz: number;
  /** Height of the autocorrelation's peak, 0…1: the share of the frame's power that repeats with this period. */
  strength: number;
}

/** What the pitch of a frame may be, the best first: the highest peaks of its autocorrelation. */
export function pitchCandidates(autocorrelation: Float64Array): PitchCandidate[] {
  const found: PitchCandidate[] = [];
  for (let lag = SHORTEST_LAG; lag <= LONGEST_LAG; lag++) {
    const height = autocorrelation[lag]!;
    const [before, after] = [autocorrelation[lag - 1]!, autocorrelation[lag + 1]!];
    if (height < MIN_STRENGTH || height < before || height <= after) continue;
    const bend = before - 2 * height + after;
    const shift = bend === 0 ? 0 : (0.5 * (before - after)) / bend;
    const strength = Math.min(1, height - 0.25 * (before - after) * shift);
    found.push({ f0Hz: SAMPLE_RATE_HZ / (lag + shift), strength });
  }
  return found.sort((a, b) => merit(b) - merit(a)).slice(0, MAX_CANDIDATES);
}

/** Strength, less for low pitches: every multiple of a period is a period too. */
export function merit({ f0Hz, strength }: PitchCandidate): number {
  return strength - OCTAVE_COST * Math.log2(HIGHEST_F0_HZ / f0Hz);
}
