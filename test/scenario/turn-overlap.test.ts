import { describe, expect, it } from 'vitest';
import { deferred } from '../../main/lib/deferred.ts';
import { Conversation } from './harness.ts';

const story = 'The fox went to the hill and looked at the moon for a long time. '.repeat(6).trim();

async function telling(): Promise<Conversation> {
  const c = new Conversation();
  c.responder.answer = () => story;
  await c.speak('tell me a story.');
  await c.silence(1500);
  expect(c.loudspeaker.isSounding).toBe(true);
  return c;
}

const outcomes = (c: Conversation) => c.of('answer-ended').map(({ outcome }) => outcome);

describe('a voice that is not the user’s', () => {
  it('from far off neither ends the answer nor draws a reply, whatever it says', async () => {
    const c = await telling();
    c.levelDbfs = -42;
    await c.speak('and then I told her that we would be late', { ms: 2500 });
    await c.silence(30_000);
    expect(outcomes(c)).toEqual(['done']);
    expect(c.finalTexts).toEqual(['tell me a story.']);
    expect(c.loudspeaker.order.filter((each) => each === 'stop')).toEqual([]);
  });

  it('is silenced for less than 300 ms before the answer goes on', async () => {
    const c = await telling();
    c.levelDbfs = -42;
    await c.speak('and then I told her', { ms: 290 });
    expect(c.loudspeaker.isSounding).toBe(true);
  });

  it('that goes on after the answer is over draws no reply either', async () => {
    const c = new Conversation();
    await c.speak('hello there, who are you?');
    await c.silence(600);
    c.levelDbfs = -42;
    await c.speak('and then I told her that we would be late', { ms: 4000 });
    await c.silence(3000);
    expect(c.finalTexts).toEqual(['hello there, who are you?']);
    expect(c.of('answer-ended')).toHaveLength(1);
  });

  it('from far off that says "stop" is obeyed: the user has walked away', async () => {
    const c = await telling();
    c.levelDbfs = -42;
    await c.speak('Stop, please.', { ms: 700 });
    await c.silence(2000);
    expect(outcomes(c)).toEqual(['interrupted']);
  });

  it('is judged by its words alone while the user has not been heard', async () => {
    const c = new Conversation();
    c.responder.answer = () => story;
    c.session.say('tell me a story');
    await c.silence(600);
    c.levelDbfs = -42;
    await c.speak('no, tell me a joke', { ms: 900 });
    await c.silence(2000);
    expect(c.finalTexts.at(-1)).toBe('no, tell me a joke');
  });
});

describe('an interruption', () => {
  it('silences the answer in its first window when that is surely a voice', async () => {
    const c = await telling();
    const onsetMs = c.clock.nowMs();
    await c.speak('stop', { ms: 32 });
    expect(c.clock.nowMs() - onsetMs).toBe(32);
    expect(c.loudspeaker.held).toBe(true);
  });

  it('that was only a click lets the answer go on a window later, without losing a word', async () => {
    const c = await telling();
    await c.makeNoise(32);
    await c.silence(32);
    expect(c.loudspeaker.held).toBe(false);
    await c.silence(30_000);
    expect(c.of('answer-ended')).toMatchObject([{ outcome: 'done', heardChars: story.length }]);
  });

  it('whose device goes away with its first sound does not leave the answer held', async () => {
    const c = await telling();
    await c.makeNoise(32);
    expect(c.loudspeaker.held).toBe(true);
    await c.clock.advanceAsync(1000);
    expect(c.loudspeaker.held).toBe(false);
  });

  it('whose words come late on a busy machine does not let the answer come back before it is stopped', async () => {
    const c = await telling();
    c.listener.readingDelayMs = 600;
    await c.speak('Stop,', { ms: 200 });
    await c.silence(100);
    await c.speak('please.', { ms: 200 });
    await c.silence(2000);
    expect(c.loudspeaker.order.slice(0, 2)).toEqual(['hold', 'stop']);
  });

  it.each(['Mm-hm.', 'Yeah.', 'Right.', 'Uh-huh.', 'Okay.', 'I see.', 'Wow.', 'Mama.', 'Aha!'])(
    'is not what "%s" is',
    async (text) => {
      const c = await telling();
      await c.speak(text, { ms: 350 });
      await c.silence(30_000);
      expect(outcomes(c)).toEqual(['done']);
      expect(c.responder.requests).toHaveLength(1);
    },
  );

  it.each(['Stop.', 'Wait.', 'No, I meant Thursday.', 'Hang on.'])('is what "%s" is, at once', async (text) => {
    const c = await telling();
    await c.speak(text, { ms: 450 });
    await c.silence(500);
    expect(c.loudspeaker.order.slice(0, 2)).toEqual(['hold', 'stop']);
  });
});

describe('while an answer is thought about', () => {
  async function thinking(): Promise<Conversation> {
    const c = new Conversation();
    c.responder.hold = deferred();
    await c.speak('what is the capital of France?');
    await c.silence(600);
    expect(c.of('floor').at(-1)).toMatchObject({ floor: 'thinking' });
    return c;
  }

  it.each(['yes', 'no', 'two'])('"%s" is not lost: it belongs to what was said before', async (word) => {
    const c = await thinking();
    await c.speak(word, { ms: 200 });
    await c.silence(800);
    c.responder.hold?.resolve();
    await c.silence(5000);
    expect(c.finalTexts.at(-1)).toBe(`what is the capital of France? ${word}`);
    expect(outcomes(c)).toEqual(['done']);
  });

  it('a cough does not take the answer back', async () => {
    const c = await thinking();
    await c.makeNoise(250);
    await c.silence(800);
    c.responder.hold?.resolve();
    await c.silence(5000);
    expect(outcomes(c)).toEqual(['done']);
    expect(c.responder.requests).toHaveLength(1);
  });
});
