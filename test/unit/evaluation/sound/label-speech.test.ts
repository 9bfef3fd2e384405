import { describe, expect, test } from 'vitest';
import { cutAtPauses } from '../../../bench/clips/cut-at-pauses.ts';
import { labelSpeech } from '../../../../main/evaluation/sound/label-speech.ts';
import { seededRandom } from '../../../../main/evaluation/seeded-random.ts';

const RATE_HZ = 16_000;

/** Noise at a level, from second to second, over nothing. */
function sound(seconds: number, ...parts: { from: number; to: number; level: number }[]): Float32Array {
  const random = seededRandom(11);
  const samples = new Float32Array(seconds * RATE_HZ);
  for (const { from, to, level } of parts)
    for (let i = from * RATE_HZ; i < to * RATE_HZ; i++) samples[i]! += (random() * 2 - 1) * level;
  return samples;
}

const labelInSeconds = (samples: Float32Array) => {
  const { from, to } = labelSpeech(samples, RATE_HZ);
  return [from / RATE_HZ, to / RATE_HZ];
};

describe('the label of a clip', () => {
  test('is its first and its last frame above −45 dB of its peak', () => {
    const samples = sound(3, { from: 0.5, to: 2, level: 0.5 }, { from: 2, to: 2.2, level: 0.01 });
    samples.set(sound(0.5, { from: 0, to: 0.5, level: 0.001 }), 2.4 * RATE_HZ);
    expect(labelInSeconds(samples)).toEqual([0.5, 2.2]);
  });

  test('does not take hiss for speech', () => {
    const hiss = { from: 0, to: 3, level: 0.006 };
    expect(labelInSeconds(sound(3, hiss, { from: 0.5, to: 2, level: 0.5 }))).toEqual([0.5, 2]);
  });

  test('takes a frame above −32 dB for speech however much it hisses', () => {
    const hiss = { from: 0, to: 3, level: 0.02 };
    const soft = { from: 2, to: 2.4, level: 0.05 };
    expect(labelInSeconds(sound(3, hiss, { from: 0.5, to: 2, level: 0.5 }, soft))).toEqual([0.5, 2.4]);
  });

  test('leaves out a click or breath after the words, and keeps a short last word', () => {
    const words = { from: 0.5, to: 2, level: 0.5 };
    expect(labelInSeconds(sound(3, words, { from: 2.4, to: 2.45, level: 0.1 }))).toEqual([0.5, 2]);
    expect(labelInSeconds(sound(3, words, { from: 2.4, to: 2.5, level: 0.1 }))).toEqual([0.5, 2.5]);
  });

  test('cannot be had of silence', () => {
    expect(() => labelSpeech(new Float32Array(RATE_HZ), RATE_HZ)).toThrow('without speech');
  });
});

describe('a reading', () => {
  test('is cut at pauses of 350 ms, and phrases of 2 to 8 s are taken', () => {
    const level = 0.5;
    const reading = sound(
      20,
      { from: 0.5, to: 1.5, level },
      { from: 2, to: 3.5, level },
      { from: 3.8, to: 5, level },
      { from: 6, to: 14.5, level },
      { from: 15, to: 18, level },
    );
    const lengths = cutAtPauses(reading, RATE_HZ).map((phrase) => phrase.length / RATE_HZ);
    expect(lengths).toEqual([expect.closeTo(3.15), expect.closeTo(3.15)]);
  });
});
