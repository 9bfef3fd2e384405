import { describe, expect, it } from 'vitest';
import { NearVoice } from '../../../../main/pipeline/listening/near-voice.ts';

const WINDOWS_PER_SECOND = 31.25;
const TALK = 0.9;

/** What is left of the probability of sound that goes on for so long at one level; `dips`: a pause between words, seen as every eighth window. */
function hear(
  voice: NearVoice,
  sound: { seconds: number; levelDbfs: number; probability?: number; dipsDbfs?: number },
): number[] {
  const { seconds, levelDbfs, probability = TALK, dipsDbfs = levelDbfs } = sound;
  return Array.from({ length: Math.round(seconds * WINDOWS_PER_SECOND) }, (_, i) =>
    voice.judge({ probability, levelDbfs: i % 8 === 7 ? dipsDbfs : levelDbfs }),
  );
}

describe('the near voice', () => {
  it('ends where only the talk in the room goes on, 10 dB below it', () => {
    const voice = new NearVoice();
    hear(voice, { seconds: 3, levelDbfs: -35 });
    expect(hear(voice, { seconds: 2, levelDbfs: -25, dipsDbfs: -35 }).every((p) => p === TALK)).toBe(true);
    const after = hear(voice, { seconds: 2, levelDbfs: -35 });
    expect(after.slice(0, 2)).toEqual([TALK, TALK]);
    expect(after.slice(6).every((p) => p === 0)).toBe(true);
    expect(
      hear(voice, { seconds: 1, levelDbfs: -25 })
        .slice(1)
        .every((p) => p === TALK),
    ).toBe(true);
  });

  it('keeps a soft word in a quiet room', () => {
    const voice = new NearVoice();
    hear(voice, { seconds: 3, levelDbfs: -25, dipsDbfs: -60 });
    expect(hear(voice, { seconds: 1, levelDbfs: -37, dipsDbfs: -60 }).every((p) => p === TALK)).toBe(true);
  });

  it('keeps talk as long as nobody nearer has spoken, and again 30 s after', () => {
    const voice = new NearVoice();
    expect(hear(voice, { seconds: 10, levelDbfs: -35 }).every((p) => p === TALK)).toBe(true);
    hear(voice, { seconds: 1, levelDbfs: -25 });
    const after = hear(voice, { seconds: 40, levelDbfs: -35 });
    expect(after.slice(-5 * WINDOWS_PER_SECOND).every((p) => p === TALK)).toBe(true);
    expect(after.slice(20, 20 * WINDOWS_PER_SECOND).every((p) => p === 0)).toBe(true);
  });

  it('is not taken from a bang, nor from another stream', () => {
    const voice = new NearVoice();
    hear(voice, { seconds: 1, levelDbfs: -35 });
    hear(voice, { seconds: 0.6, levelDbfs: -10, probability: 0.1 });
    expect(hear(voice, { seconds: 2, levelDbfs: -35 }).every((p) => p === TALK)).toBe(true);
    hear(voice, { seconds: 2, levelDbfs: -20 });
    voice.reset();
    expect(hear(voice, { seconds: 2, levelDbfs: -35 }).every((p) => p === TALK)).toBe(true);
  });
});
