import { describe, expect, it } from 'vitest';
import {
  learnCleanEnd,
  learnPause,
  mannerOf,
  NO_HABITS,
  type SpeakerHabits,
} from '../../../../main/domain/endpointing/speaker-habits.ts';
import { semanticEndpointing } from '../../../../main/domain/endpointing/semantic.ts';

const after = (pausesMs: number[], habits = NO_HABITS): SpeakerHabits =>
  pausesMs.reduce((known, ms) => learnPause(known, ms), habits);
const cleanEnds = (count: number, habits: SpeakerHabits): SpeakerHabits =>
  Array.from({ length: count }).reduce<SpeakerHabits>((known) => learnCleanEnd(known), habits);
const delayMs = (habits: SpeakerHabits) =>
  semanticEndpointing().delayMs({
    text: 'I went home yesterday.',
    completeProbability: 0.9,
    speechMs: 1500,
    manner: mannerOf(habits),
  });

describe('what is known of how a speaker pauses', () => {
  it('is what most people do before anything was heard', () => {
    expect(mannerOf(NO_HABITS).pausing).toBe(1);
    expect(mannerOf(NO_HABITS).slowness).toBeCloseTo(1);
  });

  it('grows with each pause after which they went on, more when they were cut off', () => {
    const waited = learnPause(NO_HABITS, 800);
    const cut = learnPause(NO_HABITS, 800, { wasCut: true });
    expect(delayMs(waited)).toBeGreaterThan(1.1 * delayMs(NO_HABITS));
    expect(delayMs(cut)).toBeGreaterThan(delayMs(waited));
    expect(delayMs(after([900, 900, 900]))).toBeGreaterThan(delayMs(waited));
  });

  it('is forgotten with clean ends, little by little', () => {
    const slow = after([900, 900, 900]);
    const delays = [0, 3, 6, 12, 24].map((count) => delayMs(cleanEnds(count, slow)));
    expect(delays).toEqual(delays.toSorted((a, b) => b - a));
    expect(delays.at(-1)).toBeLessThan(delayMs(NO_HABITS));
  });

  it('never goes beyond its bounds', () => {
    const slowest = mannerOf(after(Array.from({ length: 50 }, () => 60_000)));
    expect(slowest).toEqual({ pausing: 3, slowness: 1.6 });
    const quickest = mannerOf(cleanEnds(100, after(Array.from({ length: 50 }, () => 260))));
    expect(quickest.pausing).toBe(0.5);
    expect(quickest.slowness).toBeGreaterThanOrEqual(0.8);
  });

  it('takes no stop of a consonant for a pause', () => {
    expect(learnPause(NO_HABITS, 120)).toBe(NO_HABITS);
  });

  it('is moved little by one odd pause among many', () => {
    const usual = after([500, 500, 500, 500, 500, 500]);
    expect(mannerOf(learnPause(usual, 30_000)).slowness / mannerOf(usual).slowness).toBeLessThan(1.2);
  });
});
