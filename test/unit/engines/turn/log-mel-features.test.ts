import { describe, expect, test } from 'vitest';
import { FEATURE_FRAMES, LogMelFeatures, MEL_BANDS } from '../../../../main/engines/turn/log-mel-features.ts';
import { melFilterBank } from '../../../../main/engines/turn/mel-filter-bank.ts';
import { MixedRadixFft } from '../../../../main/engines/mixed-radix-fft.ts';
import { pairwiseSum } from '../../../../main/engines/turn/pairwise-sum.ts';

/** A gated tone on a steady one. */
const signal = (samples: number) =>
  Float32Array.from({ length: samples }, (_, i) => {
    const gated = i % 8000 < 5000 ? 0.3 * Math.sin((2 * Math.PI * 440 * i) / 16_000) : 0;
    return gated + 0.1 * Math.sin((2 * Math.PI * 1900 * i) / 16_000);
  });

/** [band, frame, value] of 2.5 s of the signal, from the NumPy features that Smart Turn's authors publish. */
const REFERENCE: [number, number, number][] = [
  [0, 0, 0.160784],
  [0, 549, 0.734967],
  [0, 550, 1.231731],
  [10, 560, 1.734053],
  [10, 600, 1.652727],
  [12, 620, 1.678839],
  [40, 700, 0.668395],
  [45, 799, 0.606616],
  [79, 799, -0.17407],
  [79, 600, 0.153109],
  [30, 548, -0.176481],
];

describe('features of the turn detector', () => {
  test('agree with the reference', () => {
    const features = new LogMelFeatures().compute(signal(40_000));
    expect(features.length).toBe(MEL_BANDS * FEATURE_FRAMES);
    for (const [band, frame, value] of REFERENCE) {
      expect(features[band * FEATURE_FRAMES + frame], `band ${band}, frame ${frame}`).toBeCloseTo(value, 5);
    }
    const mean = features.reduce((sum, value) => sum + value, 0) / features.length;
    expect(mean).toBeCloseTo(-0.103352, 5);
  });

  test('do not depend on what was computed before', () => {
    const features = new LogMelFeatures();
    const fresh = features.compute(signal(20_000)).slice();
    features.compute(signal(128_000));
    expect(features.compute(signal(20_000))).toEqual(fresh);
  });

  test('are those of the last 8 s of longer audio', () => {
    const long = signal(150_000);
    const features = new LogMelFeatures();
    expect(features.compute(long)).toEqual(features.compute(long.slice(-128_000)));
  });

  test('are finite for digital silence and for a single sample', () => {
    const features = new LogMelFeatures();
    for (const audio of [new Float32Array(16_000), Float32Array.of(0.5)]) {
      expect(features.compute(audio).every(Number.isFinite)).toBe(true);
    }
  });
});

describe('FFT', () => {
  test.each([400, 16, 25, 100])('transforms %i points as the definition does', (size) => {
    const re = Float64Array.from({ length: size }, (_, i) => Math.sin(i * 1.3) + i / size);
    const im = Float64Array.from({ length: size }, (_, i) => Math.cos(i * 0.7));
    const expected = Array.from({ length: size }, (_, k) => {
      let [sumRe, sumIm] = [0, 0];
      for (let i = 0; i < size; i++) {
        const angle = (-2 * Math.PI * k * i) / size;
        sumRe += re[i]! * Math.cos(angle) - im[i]! * Math.sin(angle);
        sumIm += re[i]! * Math.sin(angle) + im[i]! * Math.cos(angle);
      }
      return [sumRe, sumIm];
    });
    const result = new MixedRadixFft(size).forward({ re: re.slice(), im: im.slice() });
    for (const [k, [expectedRe, expectedIm]] of expected.entries()) {
      expect(result.re[k]).toBeCloseTo(expectedRe!, 9);
      expect(result.im[k]).toBeCloseTo(expectedIm!, 9);
    }
  });

  test('refuses sizes with other factors', () => {
    expect(() => new MixedRadixFft(12)).toThrow(RangeError);
  });
});

describe('mel filters', () => {
  const filters = melFilterBank({ filters: 80, fftSize: 400, sampleRateHz: 16_000 });

  test('have the reference peaks and area', () => {
    const peakBin = (band: number) => {
      const { firstBin, weights } = filters[band]!;
      return firstBin + weights.indexOf(Math.max(...weights));
    };
    expect([peakBin(0), peakBin(79)]).toEqual([1, 192]);
    expect(Math.max(...filters[40]!.weights)).toBeCloseTo(0.014735565741439142, 12);
    const total = filters.flatMap((filter) => [...filter.weights]).reduce((sum, weight) => sum + weight, 0);
    expect(total).toBeCloseTo(1.999024102917858, 9);
  });

  test('stay within the spectrum', () => {
    for (const { firstBin, weights } of filters) {
      expect(firstBin).toBeGreaterThanOrEqual(0);
      expect(firstBin + weights.length).toBeLessThanOrEqual(201);
    }
  });
});

test('pairwise summing rounds as NumPy does, not as a running sum does', () => {
  const values = new Float32Array(128_000).fill(0.1);
  // np.full(128000, 0.1, np.float32).sum() is 12800.0; adding one after the other in float32 gives 12811.something.
  expect(pairwiseSum(values)).toBeCloseTo(12_800, 2);
  const few = Float32Array.of(1e8, 1, -1e8);
  expect(pairwiseSum(few)).toBe(0);
});
