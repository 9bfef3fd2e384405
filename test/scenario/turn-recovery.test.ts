import { describe, expect, it } from 'vitest';
import type { CaptureChainState } from '../../main/contract/capture-chain.ts';
import { DEFAULT_CAPTURE_CHAIN } from '../../main/contract/capture-chain.ts';
import { DEFAULT_TURN_SETTINGS } from '../../main/contract/turn-settings.ts';
import { turnConfigOf } from '../../main/domain/turn/config.ts';
import { Conversation } from './harness.ts';

const question = 'Shall I set the alarm for seven?';

async function asked(c = new Conversation()): Promise<Conversation> {
  c.responder.answer = ({ userText }) => (userText === 'wake me up, please.' ? question : 'All right.');
  await c.speak('wake me up, please.');
  await c.silence(2400);
  expect(c.of('answer-ended')).toMatchObject([{ outcome: 'done', text: question }]);
  return c;
}

const unasked = (c: Conversation) => c.of('answer-ended').filter(({ answeredBy }) => answeredBy === 'notice');

describe('silence after a question', () => {
  it('is broken once, gently, after some eight seconds, and then never again', async () => {
    const c = await asked();
    await c.silence(6500);
    expect(unasked(c)).toEqual([]);
    await c.silence(5000);
    expect(unasked(c)).toHaveLength(1);
    await c.silence(60_000);
    expect(unasked(c)).toHaveLength(1);
  });

  it('is left alone when the user has chosen so', async () => {
    const c = await asked(new Conversation(turnConfigOf({ ...DEFAULT_TURN_SETTINGS, reprompt: false })));
    await c.silence(60_000);
    expect(unasked(c)).toEqual([]);
  });

  it('is counted anew after a noise, and ends with an answer', async () => {
    const c = await asked();
    await c.silence(6000);
    await c.makeNoise(300);
    await c.silence(6000);
    expect(unasked(c)).toEqual([]);
    await c.speak('yes', { ms: 250 });
    await c.silence(60_000);
    expect(unasked(c)).toEqual([]);
    expect(c.finalTexts.at(-1)).toBe('yes');
  });

  it.each(['stop', 'mute', 'push-to-talk', 'a statement', 'an interruption'] as const)(
    'is not broken after %s',
    async (reason) => {
      const c = new Conversation();
      c.responder.answer = () => (reason === 'a statement' ? 'The alarm is set.' : `${question} `.repeat(4).trim());
      await c.speak('wake me up, please.');
      await c.silence(1500);
      if (reason === 'an interruption') await c.speak('stop', { ms: 400 });
      await c.silence(8000);
      if (reason === 'stop') c.session.stop();
      if (reason === 'mute') c.session.setMuted(true);
      if (reason === 'push-to-talk') c.session.setInputMode('push-to-talk');
      await c.silence(60_000);
      expect(unasked(c)).toEqual([]);
    },
  );

  it('does not make a nod of the answer that comes under its last word', async () => {
    const c = new Conversation();
    c.responder.answer = ({ userText }) => (userText === 'yes' ? 'Done.' : question);
    await c.speak('wake me up, please.');
    // The question takes 1.6 s; "yes" is held, judged to be a nod, and its end comes just after.
    await c.silence(1300);
    await c.speak('yes', { ms: 200 });
    await c.silence(4000);
    expect(c.finalTexts).toEqual(['wake me up, please.', 'yes']);
    expect(c.of('answer-ended').at(-1)).toMatchObject({ outcome: 'done', text: 'Done.' });
  });

  it('makes a few words an answer that need not be waited for', async () => {
    const delays: number[] = [];
    for (const c of [new Conversation(), await asked()]) {
      await c.speak('Tuesday', { complete: 0.8 });
      const endMs = c.clock.nowMs();
      const before = c.finalTexts.length;
      while (c.finalTexts.length === before) await c.silence(32);
      delays.push(c.clock.nowMs() - endMs);
    }
    expect(delays[1]! / delays[0]!).toBeLessThan(0.5);
  });
});

describe('short words', () => {
  it.each(['yes', 'no', 'two'])('"%s" within 300 ms of an answer’s end is a turn', async (word) => {
    const c = await asked();
    await c.speak(word, { ms: 160 });
    await c.silence(3000);
    expect(c.finalTexts.at(-1)).toBe(word);
  });

  it('said 300 ms after one another are all there', async () => {
    const c = new Conversation();
    for (const word of ['yes', 'no', 'two']) {
      await c.speak(word, { ms: 200, complete: 0.98 });
      await c.silence(300);
    }
    await c.silence(4000);
    expect(c.finalTexts.at(-1)).toBe('yes no two');
    expect(c.session.history).toMatchObject([{ user: 'yes no two' }]);
  });
});

describe('a machine that sleeps', () => {
  it('takes what was being said as the turn, when only the time of day shows it', async () => {
    const c = new Conversation();
    await c.speak('what time is');
    c.sleptMs = 3_600_000;
    await c.silence(400);
    expect(c.finalTexts).toEqual(['what time is']);
    await c.silence(4000);
    await c.speak('hello');
    await c.silence(3000);
    expect(c.finalTexts.at(-1)).toBe('hello');
  });

  it('fails no turn for a recogniser that slept as well', async () => {
    const c = new Conversation();
    c.listener.readingDelayMs = 400;
    await c.speak('what time is it?');
    await c.silence(160);
    c.clock.sleep(60_000);
    await c.silence(3000);
    expect(c.of('turn-failed')).toEqual([]);
    expect(c.finalTexts).toEqual(['what time is it?']);
    expect(c.of('answer-ended')).toMatchObject([{ outcome: 'done' }]);
  });

  it('does not ask again for the hours that it slept', async () => {
    const c = await asked();
    await c.silence(1000);
    c.clock.sleep(3_600_000);
    await c.silence(3000);
    expect(unasked(c)).toEqual([]);
    await c.silence(6000);
    expect(unasked(c)).toHaveLength(1);
  });

  it('drops noise that was open', async () => {
    const c = new Conversation();
    await c.makeNoise(400);
    c.sleptMs = 60_000;
    await c.silence(1000);
    expect(c.finalTexts).toEqual([]);
    expect(c.of('floor').at(-1)).toEqual({ type: 'floor', floor: 'listening' });
  });
});

describe('a microphone that is changed in mid-sentence', () => {
  it('lets the sentence go on when it is back at once', async () => {
    const c = new Conversation();
    await c.speak('what time', { ms: 600 });
    await c.clock.advanceAsync(700);
    await c.speak('is it?', { ms: 600 });
    await c.silence(3000);
    expect(c.finalTexts).toEqual(['what time is it?']);
  });

  it('ends the turn with what was heard when sound is missing, and hears the next one', async () => {
    const c = new Conversation();
    await c.speak('what time is it', { ms: 900 });
    await c.loseSound(1400);
    await c.loseSound(1400);
    await c.silence(4000);
    expect(c.finalTexts).toEqual(['what time is it']);
    await c.speak('and now?');
    await c.silence(3000);
    expect(c.finalTexts.at(-1)).toBe('and now?');
  });
});

describe('half duplex', () => {
  const deaf: CaptureChainState = {
    settings: { ...DEFAULT_CAPTURE_CHAIN, duplex: 'half' },
    echoCancelling: false,
    denoising: false,
    halfDuplex: true,
    halfDuplexReason: 'setting',
    erleDb: null,
    snrDb: 21,
    noiseFloorDbfs: -60,
    gainDb: 0,
    unavailable: [],
  };

  it('holds no answer for what cannot be the user; the stop button and typing still end it', async () => {
    const c = new Conversation();
    c.chain = deaf;
    await c.speak('tell me a story, please.');
    await c.silence(700);
    expect(c.loudspeaker.isSounding).toBe(true);
    await c.makeNoise(200);
    expect(c.loudspeaker.order).toEqual([]);
    c.session.say('no, a joke');
    await c.silence(700);
    expect(c.finalTexts.at(-1)).toBe('no, a joke');
    c.session.stop();
    await c.silence(64);
    expect(c.loudspeaker.isSounding).toBe(false);
    await c.silence(500);
    await c.speak('hello');
    await c.silence(2000);
    expect(c.finalTexts.at(-1)).toBe('hello');
  });

  it('is written down with the rest of the capture chain on every spoken turn', async () => {
    const c = new Conversation();
    c.chain = deaf;
    await c.speak('hello');
    await c.silence(1500);
    c.session.say('typed');
    const finals = c.of('user-text').filter(({ final }) => final);
    expect(finals[0]!.capture).toEqual({
      highPass: true,
      echoCancellation: true,
      noiseSuppression: false,
      automaticGain: false,
      halfDuplex: true,
      erleDb: null,
      snrDb: 21,
    });
    expect(finals[1]).not.toHaveProperty('capture');
  });
});
