import { expect, test } from 'vitest';
import { LevelMeter, peakDbfs, rmsDbfs } from '../../../main/audio/level-meter.ts';

const sine = Float32Array.from({ length: 4800 }, (_, i) => Math.sin((2 * Math.PI * 100 * i) / 4800));

test('a full-scale sine is −3 dBFS RMS and 0 dBFS peak', () => {
  expect(rmsDbfs(sine)).toBeCloseTo(-3.01, 1);
  expect(peakDbfs(sine)).toBeCloseTo(0, 2);
});

test('silence and nothing at all are −100 dBFS', () => {
  expect(rmsDbfs(new Float32Array(10))).toBe(-100);
  expect(rmsDbfs(new Float32Array(0))).toBe(-100);
  expect(peakDbfs(new Float32Array(0))).toBe(-100);
});

test('a meter says a new level once a window, whatever the block size', () => {
  const meter = new LevelMeter({ sampleRateHz: 48_000, windowMs: 50 });
  let windows = 0;
  for (let at = 0; at < 4800; at += 160) windows += meter.add(sine.subarray(at, at + 160)) ? 1 : 0;
  expect(windows).toBe(2);
  expect(meter.dbfs).toBeCloseTo(-3.01, 1);
});
