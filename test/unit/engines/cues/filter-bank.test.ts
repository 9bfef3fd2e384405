import { expect, it } from 'vitest';
import { BANDS, FilterBank } from '../../../../main/engines/cues/filter-bank.ts';

const pcm = Float32Array.from({ length: 1600 }, (_, i) => {
  const t = i / 16_000;
  return 0.3 * Math.sin(2 * Math.PI * 200 * t) * (1 + 3 * t) + 0.1 * Math.sin(2 * Math.PI * 1500 * t);
});

it("gives the values of Kaldi's filter bank, as a plain NumPy version computes them", () => {
  const { features, frames } = new FilterBank().compute(pcm);
  expect(features.length).toBe(BANDS * frames);
  expect(frames).toBe(8);
  const at = (frame: number, band: number): number => features[band * frames + frame]!;
  const reference = [
    [0, 5, -0.189],
    [3, 5, -0.0228],
    [7, 40, 0],
    [2, 79, -0.0081],
    [5, 20, 0.0664],
  ] as const;
  for (const [frame, band, value] of reference) expect(at(frame, band), `${frame} ${band}`).toBeCloseTo(value, 3);
});

it('has no frame of less than one', () => {
  expect(new FilterBank().compute(pcm.subarray(0, 399)).frames).toBe(0);
});
