import { describe, expect, it } from 'vitest';
import type { VoiceFeatures } from '../../../../main/contract/voice-features.ts';
import { paceFor, prefersShort } from '../../../../main/domain/voice-cues/adaptation.ts';
import { judgeVoice } from '../../../../main/domain/voice-cues/judge-voice.ts';
import { promptLine } from '../../../../main/domain/voice-cues/prompt-line.ts';
import { SpeakerBaseline } from '../../../../main/domain/voice-cues/speaker-baseline.ts';
import { trainedVoiceModel as model } from '../../../../main/domain/voice-cues/trained-model.ts';
import { vectorOf } from '../../../../main/domain/voice-cues/voice-model.ts';
import { toneOfWords } from '../../../../main/domain/voice-cues/words-tone.ts';
import { knownFeatures } from '../../../bench/cues/known-features.ts';

const known = knownFeatures();
const of = (speaker: string): string[] => Object.keys(known).filter((name) => name.startsWith(speaker));
const heard = (features: VoiceFeatures, { speechSeconds = 2, voicedSeconds = 1.2 } = {}) => ({
  features,
  speechSeconds,
  voicedSeconds,
});

function baselineOf(names: readonly string[]): SpeakerBaseline {
  return names.reduce((baseline, name) => {
    const features = known[name]!;
    return baseline.with({ vector: vectorOf(model, features), levelDb: features.levelDb });
  }, new SpeakerBaseline(model));
}

const baseline = baselineOf(of('08'));
const angry = heard(known['08a01Wa']!);
const bored = heard(known['08a02La']!);

describe('judgeVoice', () => {
  it('tells raised from calm against the speaker that it knows', () => {
    expect(['tense', 'animated', 'raised']).toContain(judgeVoice(model, { heard: angry, baseline, text: '' }).word);
    expect(['calm', 'low']).toContain(judgeVoice(model, { heard: bored, baseline, text: '' }).word);
  });

  it('says unclear until it has heard enough turns', () => {
    const young = baselineOf(of('08').slice(0, model.baselineTurns - 1));
    expect(judgeVoice(model, { heard: angry, baseline: young, text: '' })).toMatchObject({
      word: 'unclear',
      reason: 'baseline',
      arousal: null,
    });
  });

  it.each([
    ['silence', null, 'no-voice'],
    ['a whisper', heard(angry.features, { voicedSeconds: 0.2 }), 'no-voice'],
    ['a word', heard(angry.features, { speechSeconds: 0.3, voicedSeconds: 0.2 }), 'too-short'],
    ['a hum', heard(angry.features, { speechSeconds: 3, voicedSeconds: 2.95 }), 'not-speech'],
    ['a tone', heard({ ...angry.features, hnrDb: 30 }), 'not-speech'],
    ['a voice in noise', heard({ ...angry.features, loudnessRangeDb: 3 }), 'noisy'],
  ] as const)('calls %s unclear, not moody', (_, sound, reason) => {
    expect(judgeVoice(model, { heard: sound, baseline, text: '' })).toMatchObject({ word: 'unclear', reason });
  });

  it('does not take the voice of another for a mood', () => {
    const others = ['03a01Nc', '11a01Na', '10a01Nb'].filter((name) => known[name]);
    for (const name of others) {
      expect(judgeVoice(model, { heard: heard(known[name]!), baseline, text: '' }).word, name).toBe('unclear');
    }
  });

  it('goes by the encoded voice where there is one, however like the features are', () => {
    const { centre } = model.speaker.voice!;
    const own = centre.map((_, i) => (i % 2 === 0 ? 0.1 : -0.1));
    const guest = own.map((value, i) => (i % 4 < 2 ? value : -value));
    const turn = (name: string) => ({ vector: vectorOf(model, known[name]!), levelDb: 0, speaker: own });
    const known08 = new SpeakerBaseline(model, of('08').map(turn));
    const judge = (speaker: readonly number[]) =>
      judgeVoice(model, {
        heard: { ...angry, speaker: { vector: speaker, seconds: 1.5 } },
        baseline: known08,
        text: '',
      });
    expect(judge(own).reason).not.toBe('another-speaker');
    expect(judge(guest)).toMatchObject({ word: 'unclear', reason: 'another-speaker', arousal: null });
  });

  it('is content with less likeness where the turn was short', () => {
    const { centre, least } = model.speaker.voice!;
    const limitOf = (seconds: number): number => least.find((each) => each.seconds === seconds)!.likeness;
    expect(limitOf(0.7)).toBeLessThan(limitOf(1.5));
    expect(limitOf(0.45)).toBeLessThan(limitOf(0.7));
    const own = centre.map((_, i) => (i % 2 === 0 ? 0.1 : -0.1));
    const known08 = new SpeakerBaseline(
      model,
      of('08').map((name) => ({ vector: vectorOf(model, known[name]!), levelDb: 0, speaker: own })),
    );
    const reasonOf = (vector: number[], seconds: number) =>
      judgeVoice(model, { heard: { ...angry, speaker: { vector, seconds } }, baseline: known08, text: '' }).reason;
    const likeness = (limitOf(1.5) + limitOf(0.7)) / 2;
    const across = own.map((value, i) => (i % 4 < 2 ? value : -value));
    const vague = own.map((value, i) => likeness * value + Math.sqrt(1 - likeness ** 2) * across[i]!);
    expect(reasonOf(vague, 1.5)).toBe('another-speaker');
    expect(reasonOf(vague, 0.7)).not.toBe('another-speaker');
    expect(reasonOf(across, 0.7)).toBe('another-speaker');
    expect(reasonOf(across, 0.45)).toBe('another-speaker');
  });

  it('goes by the features for as long as it does not know the voice', () => {
    const own = model.speaker.voice!.centre.map((_, i) => (i % 2 === 0 ? 0.1 : -0.1));
    const judge = (heardNow: typeof angry) => judgeVoice(model, { heard: heardNow, baseline, text: '' });
    expect(judge(Object.assign({}, angry, { speaker: { vector: own, seconds: 1.5 } }))).toEqual(judge(angry));
  });

  it('shows what other engines claim beside what it measured, and does not believe them', () => {
    const claims = [{ engine: 'the recogniser', label: 'sad' }];
    const { word, claims: shown } = judgeVoice(model, { heard: { ...angry, claims }, baseline, text: '' });
    expect(word).not.toBe('low');
    expect(shown).toEqual([{ engine: 'the recogniser', label: 'sad', agrees: false }]);
  });

  it('is not moved by a knob: no measure of level is judged by', () => {
    const plain = judgeVoice(model, { heard: bored, baseline, text: '' });
    const louder = judgeVoice(model, {
      heard: heard({ ...bored.features, levelDb: bored.features.levelDb + 12, loudnessMean: 99, flux: 9 }),
      baseline,
      text: '',
    });
    expect(louder.word).toBe(plain.word);
    expect(louder.arousal).toEqual(plain.arousal);
    const shown = (cue: typeof plain) => cue.evidence.find(({ measure }) => measure === 'loudness')!.difference;
    expect(shown(louder) - shown(plain)).toBeCloseTo(12, 1);
  });

  it('shows what it measured against the baseline', () => {
    const { evidence, baselineTurns } = judgeVoice(model, { heard: angry, baseline, text: '' });
    expect(baselineTurns).toBe(of('08').length);
    expect(evidence.map(({ measure, unit }) => `${measure} ${unit}`)).toEqual([
      'pitch st',
      'pitch-range st',
      'loudness dB',
      'rate %',
      'brightness dB',
    ]);
    expect(evidence[0]!.difference).toBeGreaterThan(1);
  });
});

describe('SpeakerBaseline', () => {
  it('is not carried away by a speaker who was only heard excited', () => {
    const excited = baselineOf(of('08').filter((name) => name[5] === 'W'));
    const naive = of('08').filter((name) => name[5] === 'W');
    const pitch = model.features.indexOf('f0Mean');
    const mean = naive.reduce((sum, name) => sum + known[name]!.f0Mean, 0) / naive.length;
    expect(excited.mean[pitch]!).toBeLessThan(mean - 0.5);
  });

  it('remembers so many turns and no more', () => {
    const turn = { vector: vectorOf(model, known['08a01Wa']!), levelDb: 0 };
    expect(
      new SpeakerBaseline(
        model,
        Array.from({ length: 70 }, () => turn),
      ).turns,
    ).toHaveLength(60);
  });
});

describe('toneOfWords', () => {
  it.each([
    ['That is great, thank you', 'positive'],
    ['This is terrible', 'negative'],
    ['That is not good', 'negative'],
    ["It isn't bad at all", 'positive'],
    ['Set a timer for ten minutes', null],
    ['constructor', null],
  ])('of "%s" is %s', (text, tone) => {
    expect(toneOfWords(text)).toBe(tone);
  });
});

describe('what a cue does', () => {
  const cue = judgeVoice(model, { heard: angry, baseline, text: '' });

  it('goes to a model as one line, and not at all when it is unclear or usual', () => {
    expect(promptLine({ ...cue, word: 'tense', words: 'positive' })).toBe('[voice: sounds tense; words: positive]');
    expect(promptLine({ ...cue, word: 'unclear' })).toBeNull();
    expect(promptLine({ ...cue, word: 'neutral' })).toBeNull();
    expect(promptLine(null)).toBeNull();
  });

  it('slows answers to the tense and shortens them, and leaves the unclear alone', () => {
    expect(paceFor({ ...cue, word: 'tense' })).toBeLessThan(1);
    expect(prefersShort({ ...cue, word: 'tense' })).toBe(true);
    expect(paceFor({ ...cue, word: 'unclear' })).toBe(1);
    expect(prefersShort({ ...cue, word: 'unclear' })).toBe(false);
  });
});
