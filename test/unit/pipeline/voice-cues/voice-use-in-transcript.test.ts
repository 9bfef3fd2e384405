import { expect, it } from 'vitest';
import type { CueUse } from '../../../../main/contract/voice-cues.ts';
import { Transcript } from '../../../../main/domain/conversation/transcript.ts';
import { trainedVoiceModel as weights } from '../../../../main/domain/voice-cues/trained-model.ts';
import { VoiceCueBook } from '../../../../main/pipeline/voice-cues/voice-cue-book.ts';

const at = '2030-01-01T00:00:00.000Z';
const told: CueUse = { promptLine: '[voice: sounds tense]', choseAnswer: false, pace: 0.94 };
const architecture = { id: 'cascade', label: 'Cascade', kind: 'cascade' } as const;
const END = { status: 'done', heardChars: 2, error: null } as const;

function rig() {
  const book = new VoiceCueBook({ weights, onBaseline() {} });
  const transcript = new Transcript((line) => book.describe(line));
  const say = (turnId: number, text: string) => {
    book.heard({ text, voice: null });
    transcript.setUser({ turnId, text, stableChars: 0, source: 'voice', status: 'final', at });
    transcript.startAnswer({ answerNumber: turnId, turnId, at, architecture });
  };
  const end = (answerNumber: number) =>
    transcript.endAnswer(answerNumber, { ...END, text: `answer ${answerNumber}`, timing: {} as never });
  const uses = () => transcript.lines.flatMap((line) => (line.role === 'agent' ? [line.voiceUse] : []));
  return { book, say, end, uses };
}

it('an answer keeps in the transcript which cue was given and whether it changed anything', () => {
  const { book, say, end, uses } = rig();
  say(1, 'where is it');
  book.used('where is it', told);
  end(1);
  say(2, 'thank you');
  book.used('thank you', { promptLine: null, choseAnswer: true, pace: 1 });
  end(2);
  expect(uses()).toEqual([told, { promptLine: null, choseAnswer: true, pace: 1 }]);
});

it('keeps it when many turns followed, and lends it to no other answer', () => {
  const { book, say, end, uses } = rig();
  say(1, 'where is it');
  book.used('where is it', told);
  end(1);
  for (let turn = 2; turn < 30; turn++) {
    say(turn, `turn ${turn}`);
    end(turn);
  }
  end(1);
  expect(uses()).toEqual([told, ...Array.from({ length: 28 }, () => undefined)]);
});
