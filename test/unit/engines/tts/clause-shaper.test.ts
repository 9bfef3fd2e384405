import { describe, expect, test } from 'vitest';
import { ClauseShaper, pauseAfterMs } from '../../../../main/engines/tts/clause-shaper.ts';

const RATE = 24_000;
const ms = (duration: number): number => (duration * RATE) / 1000;

function voice(silenceMs: number, soundMs: number, tailMs: number, peak = 0.4): Float32Array {
  const sound = ms(soundMs);
  const audio = new Float32Array(ms(silenceMs) + sound + ms(tailMs));
  for (let i = 0; i < sound; i++) audio[ms(silenceMs) + i] = peak * Math.sin((2 * Math.PI * 220 * i) / RATE);
  return audio;
}

function shape(audio: Float32Array, pieceSamples: number, pauseMs = 120): Float32Array {
  const shaper = new ClauseShaper({ sampleRateHz: RATE, pauseMs });
  const parts: number[] = [];
  for (let at = 0; at < audio.length; at += pieceSamples)
    parts.push(...shaper.push(audio.subarray(at, at + pieceSamples)));
  parts.push(...shaper.end());
  return Float32Array.from(parts);
}

describe('shaping the edges of a clause', () => {
  test('long silence before the sound is cut to a few milliseconds', () => {
    const shaped = shape(voice(180, 400, 0), 1000);
    const first = shaped.findIndex((sample) => Math.abs(sample) > 0.002);
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(ms(16));
  });

  test('the pause is the same whether the voice ends in long silence or at once', () => {
    const cut = shape(voice(50, 400, 900), 1000);
    const padded = shape(voice(50, 400, 0), 1000);
    const quiet = (audio: Float32Array): number => audio.length - audio.findLastIndex((sample) => sample !== 0);
    expect(cut.length).toBe(padded.length);
    expect(quiet(cut)).toBeLessThanOrEqual(ms(121));
    expect(quiet(padded)).toBeGreaterThan(ms(110));
  });

  test('silence inside a clause stays', () => {
    const two = Float32Array.from([...voice(0, 200, 300), ...voice(0, 200, 0)]);
    expect(shape(two, 480).length).toBeGreaterThan(ms(700));
  });

  test('how the voice cuts its output makes no difference', () => {
    const audio = voice(77, 333, 222);
    const whole = shape(audio, audio.length);
    for (const piece of [1, 7, 120, 999]) expect(shape(audio, piece)).toEqual(whole);
  });

  test('both ends ramp, so that clauses join without a click', () => {
    const shaped = shape(new Float32Array(ms(300)).fill(0.5), 1000, 40);
    expect(shaped[0]).toBe(0);
    const lastSound = shaped.findLastIndex((sample) => sample !== 0);
    expect(Math.abs(shaped[lastSound]!)).toBeLessThan(0.01);
    for (let i = 1; i < shaped.length; i++) expect(Math.abs(shaped[i]! - shaped[i - 1]!)).toBeLessThan(0.02);
  });

  test('what is above full scale is held at full scale', () => {
    expect(Math.max(...shape(voice(0, 100, 0, 3), 500))).toBe(1);
  });

  test('pure silence gives nothing', () => {
    expect(shape(new Float32Array(ms(500)), 1000)).toHaveLength(0);
  });

  test('samples that are no numbers are an engine failure, not a sound', () => {
    const audio = voice(0, 100, 0);
    audio[1000] = Number.NaN;
    expect(() => shape(audio, 500)).toThrow(expect.objectContaining({ code: 'engine-failed' }));
  });
});

test('a sentence is followed by a longer pause than a clause, and a clause by a longer one than nothing', () => {
  expect(pauseAfterMs('Yes.')).toBeGreaterThan(pauseAfterMs('well,'));
  expect(pauseAfterMs('well,')).toBeGreaterThan(pauseAfterMs('the quick'));
  expect(pauseAfterMs('He said "no!" ')).toBe(pauseAfterMs('No!'));
});
