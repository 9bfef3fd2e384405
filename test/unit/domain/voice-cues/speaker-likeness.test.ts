import { describe, expect, it } from 'vitest';
import { knownVoice, speakerLikeness } from '../../../../main/domain/voice-cues/speaker-likeness.ts';
import { seededRandom } from '../../../../main/evaluation/seeded-random.ts';

const SIZE = 64;
const random = seededRandom(5);
const bell = (): number => Array.from({ length: 6 }, () => random() - 0.5).reduce((sum, value) => sum + value, 0);
const vector = (): number[] => Array.from({ length: SIZE }, bell);
const common = vector();
const weights = { centre: common.map(() => 0), alike: 0.5 };
/** Turns that have as much in common as they differ: a mean cosine of a half. */
const turnOf = (voice: readonly number[]): number[] => vector().map((value, i) => value + voice[i]!);
const turnsOf = (voice: readonly number[], count: number) => Array.from({ length: count }, () => turnOf(voice));
const meanLikeness = (voice: readonly number[], other: readonly number[], heard: number): number => {
  const all = Array.from({ length: 60 }, () =>
    speakerLikeness(weights, turnOf(other), knownVoice(turnsOf(voice, heard))!),
  );
  return all.reduce((sum, value) => sum + value, 0) / all.length;
};

describe('speakerLikeness', () => {
  const [one, other] = [vector(), vector()];

  it('is higher for the speaker than for somebody else', () => {
    expect(meanLikeness(one, one, 10)).toBeGreaterThan(meanLikeness(one, other, 10) + 0.3);
  });

  it('means the same however many turns were heard', () => {
    expect(Math.abs(meanLikeness(one, one, 3) - meanLikeness(one, one, 30))).toBeLessThan(0.08);
  });

  it('takes what all voices have in common for less', () => {
    const shared = common.map((value) => 3 * value);
    const speaker = shared.map((value, i) => value + one[i]!);
    const stranger = knownVoice([shared.map((value, i) => value + other[i]!)])!;
    const plain = speakerLikeness(weights, speaker, stranger);
    expect(speakerLikeness({ ...weights, centre: shared }, speaker, stranger)).toBeLessThan(plain - 0.1);
  });

  it('knows no voice of no turns', () => {
    expect(knownVoice([])).toBeNull();
  });
});
