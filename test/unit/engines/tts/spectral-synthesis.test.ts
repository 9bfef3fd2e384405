import { describe, expect, test } from 'vitest';
import { ComplexFft } from '../../../../main/engines/tts/complex-fft.ts';
import { seededRandom } from '../../../../main/engines/tts/fast-math.ts';
import { pulseTrain } from '../../../../main/engines/tts/pulse-train.ts';
import { HOP_SAMPLES, SpectralSynthesis, type SpectralParts } from '../../../../main/engines/tts/spectral-synthesis.ts';

const WINDOW = 1200;
const BINS = 601;

function randomParts(frames: number, seed: number): SpectralParts {
  const random = seededRandom(seed);
  const matrix = (low: number, high: number): Float32Array =>
    Float32Array.from({ length: BINS * frames }, () => low + (high - low) * random());
  return {
    frames,
    harmonicLog: matrix(-6, 1),
    harmonicTurn: matrix(-3, 3),
    noiseLog: matrix(-8, 0),
    restLog: matrix(-6, 0),
    restPhase: matrix(-7, 7),
    // Silent at first, then voiced, so that both ways through the code are taken.
    pitchHz: Float32Array.from({ length: frames }, (_, i) => (i < 4 ? 0 : 120 + 3 * i)),
  };
}

/** The formula as it is written down, with plain sums instead of FFTs and Math instead of tables. No noise part. */
function reference(parts: SpectralParts): Float64Array {
  const { frames } = parts;
  const pulses = pulseTrain(parts.pitchHz, HOP_SAMPLES, 24_000);
  const window = Float64Array.from({ length: WINDOW }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / WINDOW));
  const cosine = Float64Array.from({ length: WINDOW }, (_, i) => Math.cos((2 * Math.PI * i) / WINDOW));
  const sine = Float64Array.from({ length: WINDOW }, (_, i) => Math.sin((2 * Math.PI * i) / WINDOW));
  const sum = new Float64Array((frames + 4) * HOP_SAMPLES);
  const energy = new Float64Array(sum.length);
  const mirror = (i: number): number => (i < 0 ? -i : i >= pulses.length ? 2 * (pulses.length - 1) - i : i);
  for (let frame = 0; frame < frames; frame++) {
    const source = Float64Array.from(
      { length: WINDOW },
      (_, i) => (pulses[mirror(frame * HOP_SAMPLES - WINDOW / 2 + i)]! * window[i]!) / HOP_SAMPLES,
    );
    const re = new Float64Array(BINS);
    const im = new Float64Array(BINS);
    for (let bin = 0; bin < BINS; bin++) {
      let sourceRe = 0;
      let sourceIm = 0;
      for (let i = 0; i < WINDOW; i++) {
        sourceRe += source[i]! * cosine[(bin * i) % WINDOW]!;
        sourceIm -= source[i]! * sine[(bin * i) % WINDOW]!;
      }
      const at = bin * frames + frame;
      const magnitude = Math.exp(parts.harmonicLog[at]!);
      const turn = Math.PI * Math.tanh(parts.harmonicTurn[at]!);
      const rest = Math.exp(parts.restLog[at]!);
      re[bin] =
        magnitude * (Math.cos(turn) * sourceRe - Math.sin(turn) * sourceIm) + rest * Math.cos(parts.restPhase[at]!);
      im[bin] =
        magnitude * (Math.cos(turn) * sourceIm + Math.sin(turn) * sourceRe) + rest * Math.sin(parts.restPhase[at]!);
    }
    for (let i = 0; i < WINDOW; i++) {
      let value = re[0]! + re[BINS - 1]! * (i % 2 === 0 ? 1 : -1);
      for (let bin = 1; bin < BINS - 1; bin++) {
        value += 2 * (re[bin]! * cosine[(bin * i) % WINDOW]! - im[bin]! * sine[(bin * i) % WINDOW]!);
      }
      sum[frame * HOP_SAMPLES + i]! += (value / WINDOW) * window[i]!;
      energy[frame * HOP_SAMPLES + i]! += window[i]! ** 2;
    }
  }
  return Float64Array.from(
    { length: frames * HOP_SAMPLES },
    (_, i) => sum[i + WINDOW / 2]! / Math.max(energy[i + WINDOW / 2]!, 1e-11),
  );
}

function signalToErrorDb(expected: ArrayLike<number>, actual: ArrayLike<number>): number {
  let signal = 0;
  let error = 0;
  for (let i = 0; i < expected.length; i++) {
    signal += expected[i]! ** 2;
    error += (expected[i]! - actual[i]!) ** 2;
  }
  return 10 * Math.log10(signal / error);
}

const join = (blocks: Iterable<Float32Array>): Float32Array =>
  Float32Array.from([...blocks].flatMap((block) => [...block]));

describe('spectral synthesis', () => {
  test.each([11, 12])('agrees with the written formula within 55 dB for %d frames', async (frames) => {
    const synthesis = await SpectralSynthesis.create();
    const parts = randomParts(frames, 7);
    const actual = join(synthesis.synthesize(parts, { noiseGain: 0 }));
    expect(actual).toHaveLength(frames * HOP_SAMPLES);
    expect(signalToErrorDb(reference(parts), actual)).toBeGreaterThan(55);
    synthesis.dispose();
  });

  test('the size of the blocks does not change the sound', async () => {
    const synthesis = await SpectralSynthesis.create();
    const parts = randomParts(23, 3);
    const whole = join(synthesis.synthesize(parts, { blockFrames: 1000 }));
    for (const blockFrames of [1, 2, 5, 12]) {
      const blocks = [...synthesis.synthesize(parts, { blockFrames })];
      expect(blocks.length).toBeGreaterThan(1);
      expect(join(blocks)).toEqual(whole);
    }
    synthesis.dispose();
  });

  test('the noise part is heard, and the same each time', async () => {
    const synthesis = await SpectralSynthesis.create();
    const parts = { ...randomParts(10, 5), noiseLog: new Float32Array(BINS * 10).fill(1) };
    const noisy = join(synthesis.synthesize(parts));
    expect(join(synthesis.synthesize(parts))).toEqual(noisy);
    expect(signalToErrorDb(join(synthesis.synthesize(parts, { noiseGain: 0 })), noisy)).toBeLessThan(3);
    synthesis.dispose();
  });
});

test('an FFT of 1200 points agrees with plain sums, and comes back', async () => {
  const fft = await ComplexFft.create(WINDOW);
  const random = seededRandom(1);
  const input = Float64Array.from({ length: 2 * WINDOW }, () => random() - 0.5);
  fft.data.set(input);
  fft.forward();
  for (const bin of [0, 1, 599, 600, 1199]) {
    let re = 0;
    let im = 0;
    for (let i = 0; i < WINDOW; i++) {
      const angle = (-2 * Math.PI * bin * i) / WINDOW;
      re += input[2 * i]! * Math.cos(angle) - input[2 * i + 1]! * Math.sin(angle);
      im += input[2 * i]! * Math.sin(angle) + input[2 * i + 1]! * Math.cos(angle);
    }
    expect(fft.data[2 * bin]!).toBeCloseTo(re, 3);
    expect(fft.data[2 * bin + 1]!).toBeCloseTo(im, 3);
  }
  fft.backward();
  for (let i = 0; i < 2 * WINDOW; i++) expect(fft.data[i]! / WINDOW).toBeCloseTo(input[i]!, 5);
  fft.dispose();
});

describe('the pulse train', () => {
  test('is silent without pitch', () => {
    expect(pulseTrain(new Float32Array(10), 300, 24_000).every((sample) => sample === 0)).toBe(true);
  });

  test('has one pulse for each period of the pitch', () => {
    const pulses = pulseTrain(new Float32Array(80).fill(100), 300, 24_000);
    const peaks = pulses.filter(
      (sample, i) => sample > 60 && sample >= (pulses[i - 1] ?? 0) && sample > (pulses[i + 1] ?? 0),
    );
    expect(Math.abs(peaks.length - 100)).toBeLessThanOrEqual(1);
  });

  test('is the sum of the harmonics below 11 kHz', () => {
    const pulses = pulseTrain(new Float32Array(4).fill(2000), 300, 24_000);
    for (const i of [0, 1, 2, 3, 50, 700]) {
      let sum = 0;
      for (let harmonic = 1; harmonic <= 5; harmonic++)
        sum += Math.cos((2 * Math.PI * 2000 * (i + 1) * harmonic) / 24_000);
      expect(pulses[i]!).toBeCloseTo(sum, 2);
    }
  });
});
