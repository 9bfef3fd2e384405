import { expect, test } from 'vitest';
import { joinSamples, resampleWhole, StreamingResampler } from '../../../main/audio/streaming-resampler.ts';

const sine = (length: number, rateHz: number, hz = 1000) =>
  Float32Array.from({ length }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hz * i) / rateHz));
const rms = (samples: Float32Array) => Math.sqrt(samples.reduce((sum, s) => sum + s * s, 0) / samples.length);

test('blocks of any size give the same as one block, in place and in time', async () => {
  const rates = { inputRateHz: 48_000, outputRateHz: 16_000 };
  const input = sine(48_000, 48_000);
  const whole = await resampleWhole(input, rates);
  const resampler = await StreamingResampler.create(rates);
  const parts: Float32Array[] = [];
  for (let at = 0, size = 1; at < input.length; at += size, size = 1 + ((size * 7) % 1013)) {
    parts.push(resampler.process(input.subarray(at, at + size)));
  }
  parts.push(resampler.flush());
  const joined = joinSamples(parts);
  expect(joined.length).toBe(16_000);
  const expected = sine(16_000, 16_000);
  for (let i = 200; i < 15_800; i++) {
    expect(Math.abs(joined[i]! - whole[i]!)).toBeLessThan(1e-5);
    expect(Math.abs(joined[i]! - expected[i]!)).toBeLessThan(1e-4);
  }
});

test('what the lower rate cannot hold is taken out and does not fold back', async () => {
  const above = await resampleWhole(sine(48_000, 48_000, 9000), { inputRateHz: 48_000, outputRateHz: 16_000 });
  expect(rms(above.subarray(500, 15_500))).toBeLessThan(1e-4);
});

test('starting again forgets the stream before it', async () => {
  const resampler = await StreamingResampler.create({ inputRateHz: 24_000, outputRateHz: 48_000 });
  resampler.process(new Float32Array(2400).fill(0.9));
  resampler.restart({ inputRateHz: 22_050, outputRateHz: 48_000 });
  const out = joinSamples([resampler.process(new Float32Array(2205)), resampler.flush()]);
  expect(out.length).toBe(4800);
  expect(rms(out)).toBe(0);
});

test('holds back less than 3 ms from 48 to 16 kHz', async () => {
  const resampler = await StreamingResampler.create({ inputRateHz: 48_000, outputRateHz: 16_000 });
  let out = 0;
  for (let i = 0; i < 50; i++) out += resampler.process(new Float32Array(480)).length;
  expect(50 * 160 - out).toBeLessThanOrEqual(48);
});

test('rates that cannot be converted are refused', async () => {
  await expect(StreamingResampler.create({ inputRateHz: 0, outputRateHz: 16_000 })).rejects.toMatchObject({
    code: 'bad-input',
  });
});
