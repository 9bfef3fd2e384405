import { describe, expect, test } from 'vitest';
import type { AgentLine, UserLine } from '../../../../main/contract/state.ts';
import { answerLineAt, partialLatency } from '../../../../main/evaluation/scoring/own-account.ts';

const RATE_HZ = 48_000;
/** The recording began at 1000 ms of the process's clock. */
const positionAt = (atMs: number): number => ((atMs - 1000) / 1000) * RATE_HZ;
const at = (seconds: number): number => 1000 + seconds * 1000;

function agent(id: string, atSeconds: number, line: Partial<AgentLine>) {
  const empty: AgentLine = {
    role: 'agent',
    id,
    turnId: 't',
    at: '',
    status: 'thinking',
    text: 'Yes.',
    heardChars: 0,
    error: null,
    timing: null,
  };
  return { atMs: at(atSeconds), line: { ...empty, ...line } };
}

function user(atSeconds: number, text: string, line: Partial<UserLine> = {}) {
  const empty: UserLine = {
    role: 'user',
    id: 'u',
    turnId: 't',
    at: '',
    status: 'partial',
    text,
    stableChars: 0,
    source: 'voice',
  };
  return { atMs: at(atSeconds), line: { ...empty, ...line } };
}

const timing = (audible: number) => ({ marks: [{ name: 'audible', atMs: audible }], voiceToVoiceMs: audible });

describe("the app's account of an answer", () => {
  const seen = [
    agent('a', 2, {}),
    agent('a', 2.4, { status: 'speaking', heardChars: 2 }),
    agent('a', 5, { status: 'done', heardChars: 4, timing: timing(400) }),
    agent('b', 8.3, { status: 'speaking', heardChars: 2 }),
    agent('b', 9, { status: 'interrupted', heardChars: 2, timing: timing(700) }),
    agent('c', 12, { status: 'speaking', heardChars: 2 }),
  ];
  const find = (onsetSeconds: number) =>
    answerLineAt({ seen, positionAt, sampleRateHz: RATE_HZ, onsetSample: onsetSeconds * RATE_HZ });

  test('is that of the answer which began to be heard when it began to sound', () => {
    expect(find(2.3)).toMatchObject({ id: 'a', status: 'done', timing: timing(400) });
    expect(find(7.9)).toMatchObject({ id: 'b', timing: timing(700) });
  });

  test('is not there when nothing began about then, or has not ended', () => {
    expect(find(5.5)).toBeUndefined();
    expect(find(11.9)).toBeUndefined();
  });
});

describe('partials', () => {
  const look = (seen: ReturnType<typeof user>[]) =>
    partialLatency({
      seen,
      positionAt,
      sampleRateHz: RATE_HZ,
      speech: { from: 2 * RATE_HZ, to: 4 * RATE_HZ },
      nextSample: 8 * RATE_HZ,
    });

  test('count from the first speech sample, the final text from the last', () => {
    const seen = [
      user(1.9, 'of the turn before'),
      user(2.1, ''),
      user(2.45, 'What'),
      user(3, 'What time'),
      user(4.3, 'What time is it?', { status: 'final' }),
      user(8.5, 'next turn'),
    ];
    expect(look(seen)).toEqual({
      firstWordsMs: expect.closeTo(450),
      whileSpeaking: true,
      finalMs: expect.closeTo(300),
      updates: 2,
      endsInsideSpeech: 0,
    });
  });

  test('that come after the speech, or never, are told apart', () => {
    expect(look([user(4.2, 'Yes.', { status: 'final' })])).toMatchObject({ whileSpeaking: false, updates: 0 });
    expect(look([])).toEqual({
      firstWordsMs: null,
      whileSpeaking: false,
      finalMs: null,
      updates: 0,
      endsInsideSpeech: 0,
    });
  });

  test('tell how often a turn was declared over too early', () => {
    const seen = [
      user(2.9, 'What', { status: 'final' }),
      user(3.1, 'What time'),
      user(4.3, 'What time is it?', { status: 'final' }),
    ];
    expect(look(seen)).toMatchObject({ endsInsideSpeech: 1, finalMs: expect.closeTo(300) });
  });

  test('typed words are none', () => {
    expect(look([user(2.5, 'typed', { source: 'typed' })])).toMatchObject({ firstWordsMs: null });
  });
});
