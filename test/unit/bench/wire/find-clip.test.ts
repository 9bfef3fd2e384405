import { expect, test } from 'vitest';
import { seededRandom } from '../../../../main/evaluation/seeded-random.ts';
import { findSpeech } from '../../../bench/wire/find-clip.ts';

const RATE_HZ = 48_000;
const random = seededRandom(5);
const clip = {
  samples: Float32Array.from({ length: 5000 }, () => random() - 0.5),
  speech: { from: 1000, to: 4500 },
};
/** As a 16-bit wire carries it. */
const played = clip.samples.map((sample) => Math.round(sample * 32_767) / 32_768);

function find(microphone: Float32Array, within = { from: 0, to: microphone.length }) {
  return findSpeech({ clip, microphone, sampleRateHz: RATE_HZ, within });
}

test('speech is found to the sample', () => {
  const microphone = new Float32Array(30_000);
  microphone.set(played, 12_345);
  expect(find(microphone)).toEqual({ from: 13_345, to: 16_845, slipSamples: 0 });
});

test('a hiccup in the middle moves the end and is told', () => {
  const microphone = new Float32Array(30_000);
  microphone.set(played.subarray(0, 2500), 10_000);
  microphone.set(played.subarray(2500), 12_700);
  expect(find(microphone)).toEqual({ from: 11_000, to: 14_700, slipSamples: 200 });
});

test('of a clip that was said twice, the one in the span is found', () => {
  const microphone = new Float32Array(30_000);
  microphone.set(played, 0);
  microphone.set(played, 20_000);
  expect(find(microphone, { from: 15_000, to: 30_000 })).toMatchObject({ from: 21_000 });
});

test('a clip that was cut off is not found', () => {
  const microphone = new Float32Array(30_000);
  microphone.set(played.subarray(0, 4000), 10_000);
  expect(find(microphone)).toBeUndefined();
});
