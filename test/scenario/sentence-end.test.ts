import { expect, it } from 'vitest';
import { deferred } from '../../main/lib/deferred.ts';
import { Conversation } from './harness.ts';

/** Code has no answer to what is asked here. */
function withModel(): Conversation {
  const c = new Conversation();
  c.responder.source = 'model';
  return c;
}

const BROKEN = 'how long does it take to drive from Munich?';

it('words that make no sentence are given time: the question goes on after a pause', async () => {
  const c = withModel();
  c.sentenceEnd = async (text) => (text === BROKEN ? 0.001 : 0.5);
  await c.speak(BROKEN);
  await c.silence(450);
  expect(c.finalTexts).toEqual([]);
  await c.speak('to Hamburg');
  await c.silence(1500);
  expect(c.finalTexts).toEqual([`${BROKEN} to Hamburg`]);
});

it('without a word of the model the same pause ends the turn', async () => {
  const c = withModel();
  await c.speak(BROKEN);
  await c.silence(450);
  expect(c.finalTexts).toEqual([BROKEN]);
});

it('a model that answers too late, or fails, holds nobody up', async () => {
  const c = withModel();
  const late = deferred<number | null>();
  c.sentenceEnd = () => late.promise;
  await c.speak(BROKEN);
  await c.silence(450);
  expect(c.finalTexts).toEqual([BROKEN]);
  late.resolve(0);
  await c.silence(3000);
  expect(c.of('answer-ended')).toMatchObject([{ outcome: 'done' }]);
  c.sentenceEnd = () => Promise.reject(new Error('no model'));
  await c.speak('what is the largest planet?');
  await c.silence(450);
  expect(c.finalTexts.at(-1)).toBe('what is the largest planet?');
});

it('is asked once for the same words, and a model that is slow is soon left alone', async () => {
  const c = withModel();
  c.sentenceEnd = () => new Promise((resolve) => void c.clock.schedule(400, () => resolve(0.5)));
  for (const words of ['where is Rome?', 'where is Paris?', 'where is Oslo?', 'where is Bern?', 'where is Kyiv?']) {
    await c.speak(words);
    await c.silence(4000);
  }
  expect(c.sentenceEndsAsked).toEqual(['where is Rome?', 'where is Paris?', 'where is Oslo?']);
});
