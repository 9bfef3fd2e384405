import { expect, test } from 'vitest';
import { guardRuleSchema, type GuardRule } from '../../../main/contract/guardrails.ts';
import { RuleSet } from '../../../main/domain/guardrails/rule-set.ts';
import { guardedProvider } from '../../../main/speech-to-speech/guarded-provider.ts';
import type { RemoteEvent } from '../../../main/speech-to-speech/remote-voice.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { FakeRemoteProvider } from '../../fakes/fake-remote-provider.ts';

const RULE: GuardRule = guardRuleSchema.parse({
  id: 'no-competitors',
  name: 'No competitors',
  enabled: true,
  directions: ['answer'],
  check: { type: 'words', words: ['globex'] },
  action: { type: 'block', say: 'Not that.' },
});

async function open({ holdBackMs = 300, rules = [RULE] } = {}) {
  const inner = new FakeRemoteProvider();
  const clock = new FakeClock();
  const events: RemoteEvent[] = [];
  const hits: string[] = [];
  const ruleSet = new RuleSet(rules);
  const provider = guardedProvider(inner, {
    clock,
    rules: () => ruleSet.of('answer'),
    holdBackMs: () => holdBackMs,
    onHit: ({ rule }) => hits.push(rule.id),
  });
  const connection = await provider.connect({
    instructions: '',
    history: [],
    tools: [],
    turnTaking: 'provider',
    onEvent: (event) => events.push(event),
  });
  const told = () => events.map((event) => (event.type === 'answer-text' ? event.text : event.type)).join('|');
  return { inner, clock, events, hits, connection, told };
}

const text = (words: string): RemoteEvent => ({ type: 'answer-text', answerId: 'a', text: words });
const sound: RemoteEvent = { type: 'answer-audio', answerId: 'a', pcm: new Float32Array(240), sampleRateHz: 24_000 };
const done: RemoteEvent = { type: 'answer-done', answerId: 'a', status: 'complete' };

test('sound waits for as long as was chosen, in its order, and the end waits with it', async () => {
  const { inner, clock, told } = await open();
  inner.says(sound, text('Hello there. '), sound, done);
  expect(told()).not.toContain('answer-audio');
  clock.advance(299);
  expect(told()).not.toContain('answer-audio');
  clock.advance(1);
  expect(told()).toMatch(/answer-audio\|answer-audio\|answer-done$/);
});

test('a hit ends the answer: what was held back is never heard, and the words stop before it', async () => {
  const { inner, clock, hits, told } = await open();
  inner.says(sound, text('You could buy it from Glo'), sound, text('bex today.'), sound, done);
  clock.advance(1000);
  expect(told()).not.toContain('answer-audio');
  expect(told()).toMatch(/^You could buy it from ?\|.*answer-done$|^You could buy it from ?\|answer-done$/);
  expect(told().toLowerCase()).not.toContain('glo');
  expect(hits).toEqual(['no-competitors']);
});

test('the session hears of a hit as of an answer that was cancelled, so that the provider is told to stop', async () => {
  const { inner, events } = await open({ holdBackMs: 0 });
  inner.says(sound, text('Globex is fine. '));
  expect(events.at(-1)).toMatchObject({ type: 'answer-done', status: 'cancelled' });
  const count = events.length;
  inner.says(sound, text('And more.'), done);
  expect(events).toHaveLength(count);
});

test('without rules nothing waits', async () => {
  const { inner, events } = await open({ rules: [] });
  inner.says(sound, text('Globex'), done);
  expect(events.map(({ type }) => type)).toEqual(['answer-audio', 'answer-text', 'answer-done']);
});

test('what is held back is dropped when the user begins to speak, and when the connection ends', async () => {
  const { inner, clock, told, connection } = await open();
  inner.says(sound, { type: 'speech-started' });
  clock.advance(1000);
  expect(told()).toBe('speech-started');
  inner.says(sound);
  await connection.close();
  clock.advance(1000);
  expect(told()).toBe('speech-started');
});
