import { ComplexFft } from './complex-fft.ts';
import { angleIndex, cosineAt, fastExp, fastTanh, gaussianTable, sineAt } from './fast-math.ts';
import { pulseTrain } from './pulse-train.ts';

export const SPECTRAL_RATE_HZ = 24_000;
export const HOP_SAMPLES = 300;
const WINDOW_SAMPLES = 1200;
const BINS = WINDOW_SAMPLES / 2 + 1;
const HOPS_PER_WINDOW = WINDOW_SAMPLES / HOP_SAMPLES;
const HIGHEST_LOG_MAGNITUDE = 7;
const NOISE_TABLE_LENGTH = 1 << 16;
const NOISE_TABLE_MASK = NOISE_TABLE_LENGTH - 1;
const NOISE_SEED = 20_240_923;

/** What the network says about the sound: five matrices [601 bins × frames], row by row, and a pitch per 12.5 ms frame. */
export interface SpectralParts {
  frames: number;
  /** Log magnitude of the harmonic part; its phase, before tanh, relative to the pulse train. */
  harmonicLog: Float32Array;
  harmonicTurn: Float32Array;
  /** Log magnitude of the noise part. */
  noiseLog: Float32Array;
  /** Log magnitude and phase of what neither of the two explains. */
  restLog: Float32Array;
  restPhase: Float32Array;
  pitchHz: Float32Array;
}

export interface SpectralSynthesisOptions {
  /** Frames computed per yielded block. Default 40 (0.5 s). */
  blockFrames?: number;
  /** 0 leaves the noise part out, to compare with a reference. Default 1. */
  noiseGain?: number;
}

/**
 * Network output to waveform. Per frame and bin, with E the spectrum of the pulse train and Z complex Gaussian noise,
 *   S = e^min(harmonicLog, 7) · e^(iπ·tanh(harmonicTurn)) · E  +  e^min(noiseLog, 7) · Z  +  e^min(restLog, 7) · e^(i·restPhase)
 * and the waveform is the inverse STFT of S (Hann 1200, hop 300, centred). Source: README of the PyPI package hibari-tts 0.2.1.
 *
 * Real FFTs are done two frames at a time, as one complex FFT: one frame in the real part, the next in the imaginary part.
 * The same text gives the same samples: the noise comes from a fixed table.
 */
export class SpectralSynthesis {
  readonly #fft: ComplexFft;
  readonly #window: Float32Array;
  readonly #noise = gaussianTable(NOISE_TABLE_LENGTH, NOISE_SEED);
  /** Spectra of a pair of frames of the pulse train: [re, im of the first, re, im of the second] per bin. */
  readonly #source = new Float32Array(BINS * 4);
  /** One bin of the pair being composed, laid out like #source. */
  readonly #pair = new Float32Array(4);

  private constructor(fft: ComplexFft) {
    this.#fft = fft;
    this.#window = Float32Array.from(
      { length: WINDOW_SAMPLES },
      (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / WINDOW_SAMPLES),
    );
  }

  static async create(): Promise<SpectralSynthesis> {
    return new SpectralSynthesis(await ComplexFft.create(WINDOW_SAMPLES));
  }

  dispose(): void {
    this.#fft.dispose();
  }

  /** Blocks of samples, `frames × 300` in all. Not re-entrant: finish one generator before starting the next. */
  *synthesize(parts: SpectralParts, options: SpectralSynthesisOptions = {}): Generator<Float32Array, void, undefined> {
    const { blockFrames = 40, noiseGain = 1 } = options;
    const { frames } = parts;
    const pulses = pulseTrain(parts.pitchHz, HOP_SAMPLES, SPECTRAL_RATE_HZ);
    const sum = new Float32Array((frames + HOPS_PER_WINDOW) * HOP_SAMPLES);
    let yieldedHops = 0;
    for (let frame = 0; frame < frames; frame += 2) {
      const voiced = this.#analysePulses(pulses, frame);
      this.#composePair(parts, frame, voiced, noiseGain);
      this.#fft.backward();
      this.#overlapAdd(sum, frame, frames);
      // The centre of frame k is where output hop k begins: hop k − 2 needs no later frame.
      const readyHops = frame + 2 >= frames ? frames : frame;
      if (readyHops - yieldedHops >= blockFrames || readyHops === frames) {
        yield this.#finishHops(sum, yieldedHops, readyHops, frames);
        yieldedHops = readyHops;
      }
    }
  }

  /** Puts the spectra of pulse frames `frame` and `frame + 1` into #source; false when both are silent. */
  #analysePulses(pulses: Float32Array, frame: number): boolean {
    const { data } = this.#fft;
    const window = this.#window;
    const last = pulses.length - 1;
    const start = frame * HOP_SAMPLES - WINDOW_SAMPLES / 2;
    let voiced = false;
    for (let i = 0; i < WINDOW_SAMPLES; i++) {
      const first = pulses[reflected(start + i, last)]!;
      const second = pulses[reflected(start + HOP_SAMPLES + i, last)]!;
      if (first !== 0 || second !== 0) voiced = true;
      data[2 * i] = first * window[i]!;
      data[2 * i + 1] = second * window[i]!;
    }
    if (!voiced) return false;
    this.#fft.forward();
    const source = this.#source;
    // Scaled by 4 / window length (a unit cosine then has the magnitude 1); the ½ takes the two frames apart.
    const scale = 0.5 / HOP_SAMPLES;
    for (let bin = 0; bin < BINS; bin++) {
      const mirror = bin === 0 ? 0 : WINDOW_SAMPLES - bin;
      const re = data[2 * bin]!;
      const im = data[2 * bin + 1]!;
      const mirrorRe = data[2 * mirror]!;
      const mirrorIm = data[2 * mirror + 1]!;
      source[4 * bin] = (re + mirrorRe) * scale;
      source[4 * bin + 1] = (im - mirrorIm) * scale;
      source[4 * bin + 2] = (im + mirrorIm) * scale;
      source[4 * bin + 3] = (mirrorRe - re) * scale;
    }
    return true;
  }

  /** Fills the FFT's input with the spectra of frames `frame` (as the real signal) and `frame + 1` (as the imaginary one). */
  #composePair(parts: SpectralParts, frame: number, voiced: boolean, noiseGain: number): void {
    // Locals, not fields: this loop is most of the time of a synthesis.
    const { frames, noiseLog, restLog, restPhase, harmonicLog, harmonicTurn } = parts;
    const { data } = this.#fft;
    const table = this.#noise;
    const source = this.#source;
    const pair = this.#pair;
    // A new place in the noise table for each pair; the step is odd, so that 65536 pairs pass before a place repeats.
    let noiseIndex = (frame * 40_503) & NOISE_TABLE_MASK;
    for (let bin = 0; bin < BINS; bin++) {
      for (let side = 0; side < 2; side++) {
        const at = bin * frames + Math.min(frame + side, frames - 1);
        const noise = fastExp(Math.min(noiseLog[at]!, HIGHEST_LOG_MAGNITUDE)) * noiseGain;
        const rest = fastExp(Math.min(restLog[at]!, HIGHEST_LOG_MAGNITUDE));
        const restAngle = angleIndex(restPhase[at]!);
        let re = noise * table[noiseIndex]! + rest * cosineAt(restAngle);
        let im = noise * table[noiseIndex + 1]! + rest * sineAt(restAngle);
        noiseIndex = (noiseIndex + 2) & NOISE_TABLE_MASK;
        if (voiced) {
          const magnitude = fastExp(Math.min(harmonicLog[at]!, HIGHEST_LOG_MAGNITUDE));
          const angle = angleIndex(Math.PI * fastTanh(harmonicTurn[at]!));
          const turnRe = magnitude * cosineAt(angle);
          const turnIm = magnitude * sineAt(angle);
          const sourceRe = source[4 * bin + 2 * side]!;
          const sourceIm = source[4 * bin + 2 * side + 1]!;
          re += turnRe * sourceRe - turnIm * sourceIm;
          im += turnRe * sourceIm + turnIm * sourceRe;
        }
        pair[2 * side] = re;
        pair[2 * side + 1] = im;
      }
      writePair(data, bin, pair);
    }
  }

  #overlapAdd(sum: Float32Array, frame: number, frames: number): void {
    const { data } = this.#fft;
    const window = this.#window;
    const at = frame * HOP_SAMPLES;
    for (let i = 0; i < WINDOW_SAMPLES; i++) sum[at + i]! += data[2 * i]! * window[i]!;
    if (frame + 1 >= frames) return;
    const next = at + HOP_SAMPLES;
    for (let i = 0; i < WINDOW_SAMPLES; i++) sum[next + i]! += data[2 * i + 1]! * window[i]!;
  }

  /** Output hops `from` to `to`, divided by the sum of the squared windows that overlap there. */
  #finishHops(sum: Float32Array, from: number, to: number, frames: number): Float32Array {
    const window = this.#window;
    const out = new Float32Array((to - from) * HOP_SAMPLES);
    const skippedHops = WINDOW_SAMPLES / 2 / HOP_SAMPLES;
    for (let hop = from; hop < to; hop++) {
      const summedHop = hop + skippedHops;
      const firstFrame = Math.max(0, summedHop - HOPS_PER_WINDOW + 1);
      const lastFrame = Math.min(frames - 1, summedHop);
      for (let i = 0; i < HOP_SAMPLES; i++) {
        let energy = 0;
        for (let frame = firstFrame; frame <= lastFrame; frame++) {
          const weight = window[(summedHop - frame) * HOP_SAMPLES + i]!;
          energy += weight * weight;
        }
        const scale = 1 / (WINDOW_SAMPLES * Math.max(energy, 1e-11));
        out[(hop - from) * HOP_SAMPLES + i] = sum[summedHop * HOP_SAMPLES + i]! * scale;
      }
    }
    return out;
  }
}

/** Mirrors an index at both ends without repeating the end sample. */
function reflected(index: number, last: number): number {
  const positive = index < 0 ? -index : index;
  const inside = positive > last ? 2 * last - positive : positive;
  return Math.max(0, inside);
}

/** Bin `bin` of first + i·second, and of the mirrored bin, which real signals determine. */
function writePair(data: Float32Array, bin: number, pair: Float32Array): void {
  const firstRe = pair[0]!;
  const firstIm = pair[1]!;
  const secondRe = pair[2]!;
  const secondIm = pair[3]!;
  if (bin === 0 || bin === BINS - 1) {
    data[2 * bin] = firstRe;
    data[2 * bin + 1] = secondRe;
    return;
  }
  const mirror = WINDOW_SAMPLES - bin;
  data[2 * bin] = firstRe - secondIm;
  data[2 * bin + 1] = firstIm + secondRe;
  data[2 * mirror] = firstRe + secondIm;
  data[2 * mirror + 1] = secondRe - firstIm;
}
