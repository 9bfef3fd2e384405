import { expect, test } from 'vitest';
import type { UserLine } from '../../../../main/contract/state.ts';
import { ownTurn } from '../../../bench/turn-matrix/session/own-turns.ts';

const SECOND = 16_000;
const speech = { from: SECOND, to: 4 * SECOND };

function told(atSeconds: number, over: Partial<UserLine>): { at: number; line: UserLine } {
  const line = {
    role: 'user',
    id: 'u1',
    turnId: 't1',
    at: '',
    status: 'final',
    text: '',
    stableChars: 0,
    source: 'voice',
  } as const;
  return { at: atSeconds * SECOND, line: { ...line, ...over } };
}

test('an end that was declared inside the speech is counted, and the delay is that of the end after it', () => {
  const seen = [told(2, { text: 'I would like to' }), told(4.25, { text: 'I would like to go' })];
  expect(ownTurn({ seen, speech, nextSample: 9 * SECOND, reference: 'I would like to go' })).toMatchObject({
    endsInsideSpeech: 1,
    endpointDelayMs: 250,
    text: 'I would like to go',
    wordErrors: 0,
  });
});

test('a turn that was cut in two is read as both of its parts', () => {
  const seen = [told(2, { text: 'one' }), told(4.5, { id: 'u2', text: 'two' })];
  expect(ownTurn({ seen, speech, nextSample: 9 * SECOND, reference: 'one two' })).toMatchObject({
    text: 'one two',
    wordErrors: 0,
  });
});

test('partial words, and those of the next turn, are nothing of this one', () => {
  const seen = [told(4.2, { status: 'partial', text: 'yes' }), told(9.5, { text: 'no' })];
  expect(ownTurn({ seen, speech, nextSample: 9 * SECOND, reference: null })).toMatchObject({
    endpointDelayMs: null,
    text: '',
    wordErrors: null,
  });
});

test('fillers count on neither side', () => {
  const seen = [told(5, { text: 'The umm, capital' })];
  expect(ownTurn({ seen, speech, nextSample: 9 * SECOND, reference: 'the, um, capital' }).wordErrors).toBe(0);
});
