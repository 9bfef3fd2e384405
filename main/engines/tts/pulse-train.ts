/** Below this pitch a sample is unvoiced. */
const LOWEST_PITCH_HZ = 40;
/** Harmonics stop here, under the Nyquist frequency of 12 kHz. */
const HIGHEST_HARMONIC_HZ = 11_000;

/**
 * The voice source: for a pitch curve with one value per hop, the sum of all cosine harmonics below 11 kHz at unit amplitude,
 * 0 where the pitch is below 40 Hz. Pitch is interpolated linearly between hop centres.
 * Closed form: Σ cos(h·φ), h = 1…H, is sin((H + ½)φ) / (2 sin(φ/2)) − ½.
 */
export function pulseTrain(pitchHz: Float32Array, hopSamples: number, sampleRateHz: number): Float32Array {
  const hops = pitchHz.length;
  const out = new Float32Array(hops * hopSamples);
  const half = hopSamples / 2;
  let turns = 0;
  for (let hop = 0; hop < hops; hop++) {
    const before = pitchHz[Math.max(0, hop - 1)]!;
    const here = pitchHz[hop]!;
    const after = pitchHz[Math.min(hops - 1, hop + 1)]!;
    for (let i = 0; i < hopSamples; i++) {
      const offset = (i + 0.5) / hopSamples - 0.5;
      const pitch = i < half ? here + (before - here) * -offset : here + (after - here) * offset;
      // The phase runs on through unvoiced stretches at the lowest pitch, so that voicing starts from a defined phase.
      turns += Math.max(pitch, LOWEST_PITCH_HZ) / sampleRateHz;
      turns -= Math.floor(turns);
      if (pitch > LOWEST_PITCH_HZ) out[hop * hopSamples + i] = harmonicSum(2 * Math.PI * turns, pitch);
    }
  }
  return out;
}

function harmonicSum(phase: number, pitchHz: number): number {
  const harmonics = Math.floor(HIGHEST_HARMONIC_HZ / pitchHz);
  const denominator = 2 * Math.sin(phase / 2);
  // At a pulse both sides vanish; the limit of the quotient is 2 (H + ½) / 2.
  if (Math.abs(denominator) <= 2e-3) return harmonics;
  return Math.sin((harmonics + 0.5) * phase) / denominator - 0.5;
}
