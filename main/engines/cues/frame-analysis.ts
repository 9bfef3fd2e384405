import { AuditorySpectrum } from './auditory-spectrum.ts';
import { FormantFinder, type Formant } from './formants.ts';
import { BIN_HZ, FrameSpectra, SAMPLE_RATE_HZ } from './frame-spectra.ts';
import { pitchCandidates, type PitchCandidate } from './pitch-candidates.ts';
import { decibels, spectralBalance, SpectralFlux, type SpectralBalance } from './spectral-balance.ts';
import { SubharmonicSum, type HarmonicCandidate } from './subharmonic-sum.ts';
import { measurePeriods, type PeriodMeasures } from './voice-periods.ts';

/** Candidates weaker than this are not worth measuring a voice by. */
const VOICE_STRENGTH = 0.4;

/** Below this share of the loudest peak so far nobody looks for a pitch: the path through the candidates would not take it either. */
const SILENT_SHARE = 0.01;

/** Measures of a voice that only make sense at its pitch. */
export interface FrameVoice {
  f0Hz: number;
  /** Harmonics-to-noise ratio. */
  hnrDb: number;
  periods: PeriodMeasures | null;
  formants: Formant[];
  /** Level of the first harmonic over the second and over the strongest near the third formant. */
  h1H2Db: number;
  h1A3Db: number;
  /** Level of the strongest harmonic near each of the first three formants over the first harmonic. */
  formantDb: number[];
}

export interface FrameMeasures extends SpectralBalance {
  peak: number;
  /** Sum of the auditory bands: no absolute scale, grows with about the cube root of power. */
  loudness: number;
  /** Mean square of the frame. */
  power: number;
  flux: number;
  /** What `flux` is to be compared with, so that gain cancels out. */
  magnitude: number;
  mfcc: number[];
  candidates: PitchCandidate[];
  /** What its harmonics say of a voice; none where nothing repeats. */
  harmonics: HarmonicCandidate[];
  /** At the best candidate; null where there is none. */
  voice: FrameVoice | null;
}

/** Everything that one frame tells; frames are given in the order of the stream. About 0.1 ms each. */
export class FrameAnalysis {
  readonly #spectra = new FrameSpectra();
  readonly #auditory = new AuditorySpectrum();
  readonly #flux = new SpectralFlux();
  readonly #formants = new FormantFinder();
  readonly #subharmonics = new SubharmonicSum();
  #isSecond = false;
  #loudestPeak = 1e-4;

  measure(frame: Float32Array): FrameMeasures {
    const spectra = this.#spectra;
    spectra.analyse(frame);
    this.#loudestPeak = Math.max(this.#loudestPeak, spectra.peak);
    const isSilent = spectra.peak < SILENT_SHARE * this.#loudestPeak;
    if (!isSilent) spectra.correlate();
    const candidates = isSilent ? [] : pitchCandidates(spectra.autocorrelation);
    const best = candidates[0];
    let power = 0;
    for (const sample of frame) power += sample * sample;
    return {
      peak: spectra.peak,
      power: power / frame.length,
      ...this.#auditory.analyse(spectra.shortPower),
      ...spectralBalance(spectra.shortPower),
      ...this.#flux.next(spectra.shortPower),
      candidates,
      harmonics: best ? this.#subharmonics.candidates(spectra.longPower) : [],
      voice: best && best.strength >= VOICE_STRENGTH ? this.#measureVoice(frame, best) : null,
    };
  }

  /** The next frame does not follow on the last one. */
  reset(): void {
    this.#flux.reset();
    this.#loudestPeak = 1e-4;
  }

  #measureVoice(frame: Float32Array, { f0Hz, strength }: PitchCandidate): FrameVoice {
    const { longPower, shortPower } = this.#spectra;
    // A throat moves slowly: every second frame is enough for what costs most.
    this.#isSecond = !this.#isSecond;
    const formants = this.#isSecond ? [] : this.#formants.find(shortPower);
    const first = harmonicNear(longPower, f0Hz, f0Hz);
    const levels = formants.slice(0, 3).map(({ frequencyHz }) => {
      const strongest = harmonicNear(longPower, frequencyHz, f0Hz);
      return decibels(strongest / (first + 1e-12));
    });
    return {
      f0Hz,
      hnrDb: decibels(strength / Math.max(1e-5, 1 - strength)),
      periods: this.#isSecond ? measurePeriods(frame, SAMPLE_RATE_HZ / f0Hz) : null,
      formants,
      h1H2Db: decibels(first / (harmonicNear(longPower, 2 * f0Hz, f0Hz) + 1e-12)),
      h1A3Db: levels.length === 3 ? -levels[2]! : 0,
      formantDb: levels,
    };
  }
}

/** Power of the strongest bin within half a harmonic's distance. */
function harmonicNear(power: Float64Array, frequencyHz: number, f0Hz: number): number {
  const reach = f0Hz / 2 / BIN_HZ;
  const middle = frequencyHz / BIN_HZ;
  let most = 0;
  const to = Math.min(power.length - 1, Math.floor(middle + reach));
  for (let k = Math.max(1, Math.ceil(middle - reach)); k <= to; k++) most = Math.max(most, power[k]!);
  return most;
}
