import { describe, expect, it } from 'vitest';
import type { AgentLine, UserLine } from '../../../../main/contract/state.ts';
import { trainedVoiceModel as weights } from '../../../../main/domain/voice-cues/trained-model.ts';
import { VoiceCueBook } from '../../../../main/pipeline/voice-cues/voice-cue-book.ts';
import { knownFeatures } from '../../../bench/cues/known-features.ts';

const known = knownFeatures();
const names = Object.keys(known).filter((name) => name.startsWith('08'));
const voiceOf = (name: string) => ({ features: known[name]!, speechSeconds: 2, voicedSeconds: 1.2 });
const line = (id: string, text: string, status: UserLine['status'] = 'final'): UserLine => ({
  role: 'user',
  id,
  turnId: `turn-${id}`,
  at: '2030-01-01T00:00:00.000Z',
  status,
  text,
  stableChars: 0,
  source: 'voice',
});

function rig() {
  const kept: { deviceId: string; turns: number }[] = [];
  const book = new VoiceCueBook({
    weights,
    onBaseline: (deviceId, { turns }) => kept.push({ deviceId, turns: turns.length }),
  });
  book.useDevice('mic');
  const say = (id: string, text = `words of ${id}`, name = names[0]!) => {
    book.heard({ text, voice: voiceOf(name) });
    return book.describe(line(id, text));
  };
  return { book, kept, say };
}

describe('VoiceCueBook', () => {
  it('gives a final line its cue, and a partial one none', () => {
    const { book, say } = rig();
    book.heard({ text: 'half', voice: voiceOf(names[0]!) });
    expect(book.describe(line('a', 'half', 'partial')).voice).toBeUndefined();
    expect(say('a').voice).toMatchObject({ word: 'unclear', reason: 'baseline' });
  });

  it('gives typed lines and words that were not read from a voice none', () => {
    const { book } = rig();
    book.heard({ text: 'spoken', voice: voiceOf(names[0]!) });
    expect(book.describe({ ...line('a', 'spoken'), source: 'typed' }).voice).toBeUndefined();
    expect(book.describe(line('b', 'something else')).voice).toBeUndefined();
    expect(book.cueFor('something else')).toBeNull();
  });

  it('counts every finished turn once, after it was judged, however often its line is set', () => {
    const { book, kept, say } = rig();
    say('a');
    book.describe(line('a', 'words of a'));
    expect(kept).toEqual([]);
    expect(book.baselineTurns).toBe(1);
    say('b');
    expect(kept).toEqual([{ deviceId: 'mic', turns: 1 }]);
  });

  it('does not learn from what is no voice', () => {
    const { book, say } = rig();
    book.heard({ text: 'noise', voice: { ...voiceOf(names[0]!), voicedSeconds: 0.1 } });
    book.describe(line('a', 'noise'));
    say('b');
    expect(book.baseline.turns).toHaveLength(0);
  });

  it('knows each microphone by itself, and forgets all of them', () => {
    const { book, say } = rig();
    say('a');
    book.useDevice('other');
    expect(book.baselineTurns).toBe(0);
    book.useDevice('mic');
    expect(book.baselineTurns).toBe(1);
    book.forget();
    expect(book.baselineTurns).toBe(0);
  });

  it('belongs to what this machine understood where a hosted model writes down other words', () => {
    const { book } = rig();
    book.heard({ text: 'the words as heard here', voice: voiceOf(names[0]!) });
    const hosted = line('a', 'The words, as heard there.');
    expect(book.describe(hosted).voice).toBeUndefined();
    const voice = book.describe({ ...hosted, recognisedLocally: 'the words as heard here' }).voice;
    expect(voice).toMatchObject({ word: 'unclear', reason: 'baseline' });
    expect(book.baselineTurns).toBe(1);
  });

  it('keeps whose voice a turn was, and learns nothing from somebody else', () => {
    const { book } = rig();
    const say = (id: string, vector: readonly number[]) => {
      book.heard({ text: id, voice: { ...voiceOf(names[0]!), speaker: { vector, seconds: 1.5 } } });
      return book.describe(line(id, id)).voice;
    };
    const own = weights.speaker.voice!.centre.map((_, i) => (i % 2 === 0 ? 0.1 : -0.1));
    const other = own.map((value, i) => (i % 4 < 2 ? value : -value));
    for (let i = 0; i < weights.baselineTurns; i++) say(`turn ${i}`, own);
    expect(say('mine', own)!.reason).not.toBe('another-speaker');
    expect(say('a guest', other)).toMatchObject({ word: 'unclear', reason: 'another-speaker' });
    say('after the guest', own);
    expect(book.baseline.turns).toHaveLength(weights.baselineTurns + 1);
    expect(book.baseline.voice!.turns).toBe(weights.baselineTurns + 1);
  });

  it('adds what another engine claims of an utterance, before or after its line is shown, and changes nothing else', () => {
    const { book } = rig();
    const claim = { engine: 'Tiny', label: 'happy', confidence: 0.7 };
    const shown = { ...claim, agrees: null };
    book.heard({ utteranceId: 1, text: 'early', voice: voiceOf(names[0]!) });
    expect(book.claimed(1, claim)).toBeNull();
    const early = book.describe(line('a', 'early'));
    expect(early.voice!.claims).toEqual([shown]);
    book.heard({ utteranceId: 2, text: 'late', voice: voiceOf(names[0]!) });
    const late = book.describe(line('b', 'late'));
    book.heard({ utteranceId: 3, text: 'next', voice: voiceOf(names[0]!) });
    expect(book.claimed(2, claim)).toBe('b');
    expect(book.describe(late).voice).toEqual({ ...late.voice, claims: [shown] });
    expect(book.cueFor('next')!.claims).toEqual([]);
    expect(book.claimed(9, claim)).toBeNull();
    expect(book.baselineTurns).toBe(2);
  });

  it('tells an answer what the voice did to it', () => {
    const { book, say } = rig();
    say('a', 'thank you');
    const use = { promptLine: null, choseAnswer: true, pace: 1 };
    book.used('thank you', use);
    const answer: AgentLine = {
      role: 'agent',
      id: 'x',
      turnId: 'turn-a',
      at: '',
      status: 'thinking',
      text: '',
      heardChars: 0,
      error: null,
      timing: null,
    };
    expect(book.describe(answer).voiceUse).toEqual(use);
    expect(book.describe({ ...answer, turnId: 'turn-b' }).voiceUse).toBeUndefined();
  });
});
