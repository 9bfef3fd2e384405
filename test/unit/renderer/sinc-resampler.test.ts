import { describe, expect, it } from 'vitest';
import { SincResampler } from '../../../renderer/client/browser-audio/sinc-resampler.ts';

function sine(options: { frequencyHz: number; rateHz: number; count: number }): Float32Array {
  const { frequencyHz, rateHz, count } = options;
  return Float32Array.from({ length: count }, (_, i) => 0.5 * Math.sin((2 * Math.PI * frequencyHz * i) / rateHz));
}

/** Feeds 128 samples at a time, as a worklet does. */
function convert(input: Float32Array, fromHz: number, toHz: number): Float32Array {
  const resampler = new SincResampler(fromHz, toHz);
  const output = new Float32Array(Math.ceil((input.length * toHz) / fromHz) + 10);
  let made = 0;
  for (let from = 0; from < input.length; from += 128) {
    resampler.write(input.subarray(from, from + 128));
    made += resampler.read(output, made);
  }
  resampler.finish();
  made += resampler.read(output, made);
  return output.subarray(0, made);
}

function snrDb(signal: Float32Array, wanted: Float32Array, skip: number): number {
  let power = 0;
  let error = 0;
  for (let i = skip; i < signal.length - skip; i++) {
    power += wanted[i]! ** 2;
    error += (signal[i]! - wanted[i]!) ** 2;
  }
  return 10 * Math.log10(power / error);
}

describe('the resampler of the worklets', () => {
  it.each([
    [48_000, 16_000],
    [44_100, 16_000],
    [16_000, 48_000],
    [22_050, 48_000],
    [24_000, 44_100],
  ])('keeps a tone as it is from %i to %i Hz, without a delay', (fromHz, toHz) => {
    const output = convert(sine({ frequencyHz: 1000, rateHz: fromHz, count: fromHz }), fromHz, toHz);
    expect(output.length).toBe(toHz);
    const wanted = sine({ frequencyHz: 1000, rateHz: toHz, count: toHz });
    expect(snrDb(output, wanted, 400)).toBeGreaterThan(75);
  });

  it('removes what the lower rate cannot hold', () => {
    const output = convert(sine({ frequencyHz: 11_000, rateHz: 48_000, count: 48_000 }), 48_000, 16_000);
    const peak = output.subarray(400, -400).reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    expect(20 * Math.log10(peak / 0.5)).toBeLessThan(-75);
  });

  it('hands samples on untouched when both rates are the same', () => {
    const input = sine({ frequencyHz: 440, rateHz: 48_000, count: 5000 });
    expect(convert(input, 48_000, 48_000)).toEqual(input);
  });

  it('counts what was read in source samples, up to all of them', () => {
    const resampler = new SincResampler(24_000, 48_000);
    resampler.write(new Float32Array(2400));
    const output = new Float32Array(480);
    resampler.read(output);
    expect(resampler.consumedSamples).toBe(240);
    expect(resampler.waitingSamples).toBe(2160);
    resampler.finish();
    while (resampler.read(output) > 0);
    expect(resampler.consumedSamples).toBe(2400);
  });
});
