import { describe, expect, test } from 'vitest';
import type { TranscriptLine } from '../../../../main/contract/state.ts';
import { HeardTurns } from '../../../../main/evaluation/recorder/heard-turns.ts';
import { writtenTurns, type CutTurn } from '../../../../main/evaluation/recorder/recorded-scenario.ts';
import { suiteText } from '../../../../main/evaluation/recorder/suite-text.ts';
import { parseSuite } from '../../../../main/evaluation/scenario/load-suites.ts';

const RATE = 16_000;
const seconds = (s: number): number => s * RATE;
const common = { turnId: 't', at: '2026-01-01T00:00:00Z' };
const said = (id: string, text: string, status: 'partial' | 'final' = 'final'): TranscriptLine => ({ ...common, role: 'user', id, status, text, stableChars: 0, source: 'voice' }); // prettier-ignore
const answered = (id: string, text: string, heardChars: number): TranscriptLine => ({ ...common, role: 'agent', id, status: 'speaking', text, heardChars, error: null, timing: null }); // prettier-ignore

describe('which sound became which turn', () => {
  test('a turn is the utterance that its words were read from, up to the last reading', () => {
    const heard = new HeardTurns();
    heard.begun(1000);
    heard.read(9000);
    heard.onLine(said('u1', 'Hello', 'partial'), 8000);
    heard.read(17_000);
    heard.onLine(said('u1', 'Hello there.'), 18_000);
    expect(heard.turns).toEqual([{ lineId: 'u1', text: 'Hello there.', from: 1000, to: 17_000 }]);
  });

  test('a turn that was opened again has all of its sound and its last words', () => {
    const heard = new HeardTurns();
    heard.begun(1000);
    heard.read(9000);
    heard.onLine(said('u1', 'Hello'), 10_000);
    heard.begun(12_000);
    heard.read(20_000);
    heard.onLine(said('u1', 'Hello there.'), 21_000);
    expect(heard.turns).toEqual([{ lineId: 'u1', text: 'Hello there.', from: 1000, to: 20_000 }]);
  });

  test('a sound of which no turn was made, a turn that was taken back and a typed one are not there', () => {
    const heard = new HeardTurns();
    heard.begun(1000);
    heard.read(2000);
    heard.begun(5000);
    heard.read(6000);
    heard.onLine(said('u1', 'Mm.'), 7000);
    heard.onLine({ ...said('u2', 'Typed.'), source: 'typed' } as TranscriptLine, 7500);
    heard.onLinesRemoved(['u1']);
    expect(heard.turns).toEqual([]);
  });

  test('an answer lasts from its first heard word to its last', () => {
    const heard = new HeardTurns();
    heard.onLine(answered('a1', 'It is noon.', 0), 1000);
    heard.onLine(answered('a1', 'It is noon.', 2), 2000);
    heard.onLine(answered('a1', 'It is noon.', 5), 3000);
    heard.onLine({ ...answered('a1', 'It is noon.', 5), status: 'interrupted' } as TranscriptLine, 9000);
    expect(heard.answers).toEqual([{ lineId: 'a1', from: 2000, to: 3000, heard: 'It is' }]);
  });
});

describe('moments as a scenario says them', () => {
  const turn = (text: string, from: number, to: number): CutTurn => ({ audio: `clips/${text}.wav`, text, speechFrom: seconds(from), speechTo: seconds(to) }); // prettier-ignore
  const answer = (heard: string, from: number, to: number) => ({ lineId: heard, heard, from: seconds(from), to: seconds(to) }); // prettier-ignore
  const written = (turns: CutTurn[], answers: ReturnType<typeof answer>[]) =>
    writtenTurns({ turns, answers, sampleRateHz: RATE });

  test('a turn comes as long after the answer as it did, counted from where the runner takes the answer for over', () => {
    const [first, second] = written([turn('a', 1, 2), turn('b', 8, 9)], [answer('One.', 3, 6)]);
    expect(first).toEqual({ audio: 'clips/a.wav', text: 'a', heardThen: 'One.' });
    expect(second).toMatchObject({ after: 'answer', delay_ms: 800, heardThen: '' });
    expect(second).not.toHaveProperty('as');
  });

  test('an interruption comes at its moment in the answer', () => {
    const [, second] = written([turn('a', 1, 2), turn('stop', 5, 5.5)], [answer('One two', 3, 5.2)]);
    expect(second).toMatchObject({ as: 'interruption', after: 'answer-start', delay_ms: 2000 });
  });

  test('a second sound in the same answer counts from the first', () => {
    const turns = [turn('a', 1, 2), turn('hm', 4, 4.5), turn('stop', 6, 6.5)];
    const [, , third] = written(turns, [answer('One two three', 3, 6.2)]);
    expect(third).toMatchObject({ as: 'interruption', after: 'speech', delay_ms: 1500 });
  });

  test('a turn that had no answer is followed by the next after the own words', () => {
    const [, second] = written([turn('a', 1, 2), turn('b', 4, 5)], []);
    expect(second).toMatchObject({ after: 'speech', delay_ms: 2000 });
  });

  test('somebody who was away for an hour comes back after a minute: the file knows no longer pause', () => {
    const [, second] = written([turn('a', 1, 2), turn('b', 3600, 3601)], [answer('One.', 3, 6)]);
    expect(second).toMatchObject({ delay_ms: 60_000 });
  });

  test('the file is one that the runner reads, with what was heard as comments', () => {
    const turns = written([turn('what: "now"?', 1, 2), turn('stop', 5, 5.5)], [answer('It is\nnoon # sharp', 3, 5.2)]);
    const text = suiteText(turns, { recordedAt: '2026-01-01T00:00:00Z' });
    expect(text).toContain('# Heard then: It is');
    const suite = parseSuite(text, '/somewhere/scenario.yaml');
    expect(suite.scenarios[0]!.turns).toMatchObject([
      { audio: 'clips/what: "now"?.wav', text: 'what: "now"?', as: 'turn' },
      { audio: 'clips/stop.wav', as: 'interruption', after: 'answer-start', delay_ms: 2000 },
    ]);
  });

  test('a conversation of more turns than a scenario may have goes on in the next', () => {
    const turns = Array.from({ length: 250 }, (_, i) => turn(`t${i}`, i * 10 + 1, i * 10 + 2));
    const suite = parseSuite(suiteText(written(turns, []), { recordedAt: 'now' }), 'scenario.yaml');
    expect(suite.scenarios.map((each) => [each.id, each.turns.length])).toEqual([
      ['conversation', 200],
      ['conversation-2', 50],
    ]);
  });
});
