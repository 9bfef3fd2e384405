import { describe, expect, it } from 'vitest';
import { Conversation } from './harness.ts';

const answer = 'Whales are mammals that breathe air. The blue whale is the largest animal that has ever lived. '
  .repeat(3)
  .trim();

async function answering(): Promise<Conversation> {
  const c = new Conversation();
  c.responder.answer = () => answer;
  await c.speak('tell me about whales.');
  await c.silence(2500);
  expect(c.loudspeaker.isSounding).toBe(true);
  return c;
}

/** Each names what users of other voice assistants complain of, with the project where it was reported. */
describe('what voice assistants are complained about', () => {
  it('the agent hears itself and stops (pipecat #188, #1771)', async () => {
    const c = await answering();
    await c.speak('whales are mammals that breathe air', { ms: 1600 });
    await c.silence(25_000);
    expect(c.of('answer-ended')).toMatchObject([{ outcome: 'done', heardChars: answer.length }]);
    expect(c.finalTexts).toEqual(['tell me about whales.']);
  });

  it('noise ends the agent’s turn for good (livekit/agents #1229)', async () => {
    const c = await answering();
    for (let i = 0; i < 5; i++) {
      await c.makeNoise(300);
      await c.silence(900);
    }
    await c.silence(25_000);
    expect(c.of('answer-ended')).toMatchObject([{ outcome: 'done', heardChars: answer.length }]);
  });

  it('"yeah" stops it (livekit/agents #3984)', async () => {
    const c = await answering();
    await c.speak('Yeah.', { ms: 300 });
    await c.silence(25_000);
    expect(c.of('answer-ended')).toMatchObject([{ outcome: 'done', heardChars: answer.length }]);
  });

  it('the user is cut off while they think', async () => {
    const c = new Conversation();
    await c.speak('I would like to book a table for, um,', { complete: 0.9 });
    await c.silence(700);
    await c.speak('four people, please.');
    await c.silence(3000);
    expect(c.finalTexts).toEqual(['I would like to book a table for, um, four people, please.']);
    expect(c.of('answer-withdrawn')).toEqual([]);
  });

  it('a user who pauses long in one turn is cut off in the next one too', async () => {
    const pausing = 'So I went to the market this morning.';
    const c = new Conversation();
    const cutIns = async () => {
      const before = c.of('answer-started').length;
      await c.speak(pausing, { complete: 0.95 });
      await c.silence(800);
      const cut = c.of('answer-started').length > before;
      await c.speak('and then I met my sister there.', { complete: 0.95 });
      await c.silence(6000);
      return cut;
    };
    expect([await cutIns(), await cutIns()]).toEqual([true, false]);
  });

  it('truncation at 0 ms or beyond what was played (livekit/agents #6157)', async () => {
    for (const afterMs of [0, 40, 200, 1000]) {
      const c = await answering();
      await c.silence(afterMs);
      c.session.stop();
      await c.silence(64);
      const [ended] = c.of('answer-ended');
      expect(ended!.heardChars).toBeGreaterThan(0);
      expect(ended!.heardChars).toBeLessThan(ended!.text.length);
    }
  });

  it('history keeps words that nobody heard (livekit/agents #2201)', async () => {
    const c = await answering();
    await c.speak('stop, tell me about cats', { ms: 900 });
    await c.silence(3000);
    const [first] = c.session.history;
    expect(first!.heard.length).toBeGreaterThan(0);
    expect(answer.startsWith(first!.heard)).toBe(true);
    expect(first!.heard.length).toBeLessThan(answer.length / 2);
  });

  it('the user’s line appears after the reply (agents-js #2165)', async () => {
    const c = await answering();
    await c.speak('stop, tell me about cats', { ms: 900 });
    await c.silence(2000);
    const order = c.events.filter(({ type }) => type === 'user-text' || type === 'answer-started');
    for (const [i, event] of order.entries()) {
      if (event.type === 'answer-started')
        expect(order[i - 1]).toMatchObject({ type: 'user-text', turnId: event.turnId });
    }
  });

  it('two responses at once (openai-agents-python #1466)', async () => {
    const c = new Conversation();
    c.responder.answer = () => answer;
    await c.speak('tell me about whales.');
    await c.silence(180);
    c.session.say('and about cats');
    c.session.say('and about dogs');
    await c.silence(300);
    await c.speak('and about birds, please.');
    await c.silence(3000);
    expect(c.loudspeaker.playing.size).toBe(1);
    const open = c.of('answer-started').length - c.of('answer-ended').length - c.of('answer-withdrawn').length;
    expect(open).toBe(1);
  });

  it('the first words are lost (Handy #1283)', async () => {
    const c = new Conversation();
    await c.silence(1000);
    const begun: number[] = [];
    const begin = c.listener.beginUtterance.bind(c.listener);
    c.listener.beginUtterance = (id, fromSample) => {
      begun.push(fromSample);
      begin(id, fromSample);
    };
    const onsetSample = (c.clock.nowMs() / 32) * 512;
    await c.speak('what time is it?');
    expect(onsetSample - begun[0]!, '300 ms before the first sound').toBeCloseTo(4800, -2);
  });

  it('"Thanks for watching" is made of silence: what has no words is no turn', async () => {
    const c = new Conversation();
    await c.makeNoise(500);
    await c.silence(3000);
    expect(c.responder.requests).toEqual([]);
    expect(c.of('floor').at(-1)).toEqual({ type: 'floor', floor: 'listening' });
  });

  it('an unplugged microphone wedges the app (Handy #1743)', async () => {
    const c = await answering();
    await c.speak('no, tell me', { ms: 500 });
    await c.loseSound(10_000);
    expect(c.loudspeaker.held).toBe(false);
    await c.speak('hello');
    await c.silence(4000);
    expect(c.finalTexts.at(-1)).toBe('hello');
  });
});
