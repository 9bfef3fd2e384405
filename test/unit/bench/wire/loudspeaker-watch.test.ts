import { expect, test } from 'vitest';
import { LoudspeakerWatch } from '../../../bench/wire/loudspeaker-watch.ts';

const RATE_HZ = 48_000;
const WINDOW = 480;

/** Windows of 10 ms, loud or not, on the loudspeaker's side; the microphone is always loud. */
function pcm(...loud: boolean[]): Buffer {
  const bytes = Buffer.alloc(loud.length * WINDOW * 4);
  for (let i = 0; i < loud.length * WINDOW; i++) {
    bytes.writeInt16LE(20_000, i * 4);
    bytes.writeInt16LE(loud[Math.floor(i / WINDOW)] ? -5000 : 100, i * 4 + 2);
  }
  return bytes;
}

const repeat = (loud: boolean, windows: number): boolean[] => Array<boolean>(windows).fill(loud);

test('an onset is fifty milliseconds of sound, whatever the microphone hears', () => {
  const watch = new LoudspeakerWatch(RATE_HZ);
  watch.push(pcm(...repeat(false, 10), ...repeat(true, 4), false, ...repeat(true, 4)));
  expect(watch.onsetSince(0)).toBeUndefined();
  watch.push(pcm(true));
  expect(watch.onsetSince(0)).toBe(15 * WINDOW);
  expect(watch.onsetSince(16 * WINDOW)).toBeUndefined();
});

test('chunks need not end at samples', () => {
  const watch = new LoudspeakerWatch(RATE_HZ);
  const bytes = pcm(...repeat(false, 3), ...repeat(true, 6));
  for (let at = 0; at < bytes.length; at += 777) watch.push(bytes.subarray(at, at + 777));
  expect(watch.onsetSince(0)).toBe(3 * WINDOW);
  expect(watch.lastSoundSample).toBe(9 * WINDOW);
});

test('before any sound the last one lies at the beginning', () => {
  expect(new LoudspeakerWatch(RATE_HZ).lastSoundSample).toBe(0);
});
