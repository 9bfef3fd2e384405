import { expect, test } from 'vitest';
import { SampleWatch, ZeroWatch } from '../../../main/audio/sample-watch.ts';

const RATE_HZ = 48_000;

/** Looks every 100 ms, notes 20 ms blocks while `delivers`, and returns what it ended with. */
function watch(seconds: number, delivers: (ms: number) => boolean): string {
  const watched = new SampleWatch({ sampleRateHz: RATE_HZ, nowMs: 0 });
  let health = 'ok';
  for (let ms = 20; ms <= seconds * 1000; ms += 20) {
    if (delivers(ms)) watched.note(960, ms);
    if (ms % 100 === 0) health = watched.look(ms);
  }
  return health;
}

test('a device that delivers is well, also in bursts', () => {
  expect(watch(10, () => true)).toBe('ok');
  expect(watch(10, (ms) => ms % 400 < 40)).toBe('ok');
});

test('half a second without a sample is quiet, one and a half is the end', () => {
  expect(watch(2.7, (ms) => ms <= 2000)).toBe('quiet');
  expect(watch(3.6, (ms) => ms <= 2000)).toBe('stalled');
});

test('a device may take three seconds to begin', () => {
  expect(watch(2.9, () => false)).toBe('ok');
  expect(watch(3.2, () => false)).toBe('stalled');
});

test('a look that comes much too late says nothing about the device', () => {
  const watched = new SampleWatch({ sampleRateHz: RATE_HZ, nowMs: 0 });
  watched.note(960, 20);
  expect(watched.look(100)).toBe('ok');
  expect(watched.look(60_000)).toBe('ok');
  expect(watched.look(120_000)).toBe('ok');
});

test('samples much faster than time are a dead server, a full buffer at once is not', () => {
  const watched = new SampleWatch({ sampleRateHz: RATE_HZ, nowMs: 0 });
  expect(watched.note(RATE_HZ * 4, 10)).toBe('ok');
  const racing = new SampleWatch({ sampleRateHz: RATE_HZ, nowMs: 0 });
  let health = 'ok';
  for (let i = 0; i < 600; i++) health = racing.note(480, i * 0.05);
  expect(health).toBe('runaway');
});

test('a device that is a little fast is well for ever', () => {
  const watched = new SampleWatch({ sampleRateHz: RATE_HZ, nowMs: 0 });
  for (let ms = 0; ms < 3_600_000; ms += 20) expect(watched.note(965, ms)).toBe('ok');
});

test('only an unbroken run of exact zeros is a blocked microphone', () => {
  const zeros = new ZeroWatch(16_000);
  zeros.add(new Float32Array(47_999));
  expect(zeros.isBlocked).toBe(false);
  zeros.add(Float32Array.of(0));
  expect(zeros.isBlocked).toBe(true);
  zeros.add(Float32Array.of(0, 1e-9, 0));
  expect(zeros.isBlocked).toBe(false);
  zeros.add(new Float32Array(47_999));
  expect(zeros.isBlocked).toBe(true);
});
