import { expect, it } from 'vitest';
import { turnConfigOf } from '../../main/domain/turn/config.ts';
import { DEFAULT_TURN_SETTINGS } from '../../main/contract/turn-settings.ts';
import { Conversation } from './harness.ts';

/** The user says it, its words are known after 64 ms of silence, and the sound of the pause is judged only much later. */
async function ask(c: Conversation, words: string): Promise<void> {
  c.listener.readingDelayMs = 400;
  await c.speak(words);
  await c.silence(96);
  await c.partial(words);
  await c.silence(96);
}

function known(answer = 'It is noon.'): Conversation {
  const c = new Conversation();
  c.responder.source = 'skill';
  c.responder.answer = () => answer;
  return c;
}

it('a request that code can answer is over before its sound was judged', async () => {
  const c = known();
  await ask(c, 'what time is it?');
  expect(c.finalTexts).toEqual(['what time is it?']);
  await c.silence(2000);
  expect(c.of('answer-ended')).toMatchObject([{ outcome: 'done', answeredBy: 'skill' }]);
  expect(c.responder.requests).toHaveLength(1);
});

it('a question for the model waits as before', async () => {
  const c = known();
  c.responder.source = 'model';
  await ask(c, 'what time is it?');
  expect(c.finalTexts).toEqual([]);
});

it('what code has to ask back about waits: the rest may be on its way', async () => {
  const c = known('For how long?');
  await ask(c, 'please set a timer.');
  expect(c.finalTexts).toEqual([]);
});

it('what a table asks for politeness is no such question', async () => {
  const c = known("I'm fine. How are you?");
  c.responder.source = 'cache';
  await ask(c, 'hi, how are you?');
  expect(c.finalTexts).toEqual(['hi, how are you?']);
});

it('a set phrase of the table is whole, a statement that a skill keeps may go on', async () => {
  for (const [source, ends] of [
    ['cache', ['thank you so much for your help']],
    ['skill', []],
  ] as const) {
    const c = known();
    c.responder.source = source;
    await ask(c, 'thank you so much for your help');
    expect(c.finalTexts).toEqual(ends);
  }
});

it.each(['hello', 'thank you', 'what is 7 plus 8'])('"%s" may be a beginning and waits', async (words) => {
  const c = known();
  await ask(c, words);
  expect(c.finalTexts).toEqual([]);
});

it('what code has understood waits less than what it has not, whatever its shape', async () => {
  const ends = async (source: 'cache' | 'model') => {
    const c = known();
    c.responder.source = source;
    await c.speak('thank you so much for your help', { complete: 0.9 });
    const sinceMs = c.clock.nowMs();
    while (c.finalTexts.length === 0) await c.silence(32);
    return c.clock.nowMs() - sinceMs;
  };
  expect(await ends('cache')).toBeLessThan(0.6 * (await ends('model')));
});

it('who goes on at once takes the answer back and is answered wholly', async () => {
  const c = known();
  await ask(c, 'what time is it?');
  await c.speak('in Tokyo');
  c.listener.readingDelayMs = 40;
  await c.silence(3000);
  expect(c.finalTexts.at(-1)).toBe('what time is it? in Tokyo');
  const outcomes = c.of('answer-ended').map(({ outcome }) => outcome);
  expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(1);
  expect(outcomes.at(-1)).toBe('done');
});

it('a speaker who pauses much is given the time', async () => {
  const c = known();
  for (let i = 0; i < 3; i++) {
    await c.speak('so');
    await c.silence(700);
    await c.speak('and then');
    await c.silence(700);
    await c.speak('it was like that');
    await c.silence(4000);
  }
  const before = c.finalTexts.length;
  await ask(c, 'what time is it?');
  expect(c.finalTexts).toHaveLength(before);
});

it('the fixed policies know no such thing', async () => {
  const c = new Conversation(turnConfigOf({ ...DEFAULT_TURN_SETTINGS, endpointing: 'fixed-300' }));
  c.responder.source = 'skill';
  await ask(c, 'what time is it?');
  expect(c.finalTexts).toEqual([]);
});
