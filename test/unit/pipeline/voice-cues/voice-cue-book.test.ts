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
