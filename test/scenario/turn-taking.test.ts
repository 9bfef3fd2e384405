import { describe, expect, it } from 'vitest';
import { ParleyError } from '../../main/contract/errors.ts';
import { deferred } from '../../main/lib/deferred.ts';
import { DEFAULT_TURN_SETTINGS } from '../../main/contract/turn-settings.ts';
import { turnConfigOf } from '../../main/domain/turn/config.ts';
import { fixedSilence } from '../../main/domain/endpointing/fixed-silence.ts';
import { Conversation } from './harness.ts';

const answer = 'One two three four five six seven eight.';

describe('a turn', () => {
  it('is answered, and the history holds what was said and heard', async () => {
    const c = new Conversation();
    await c.speak('what time is it?');
    await c.silence(4000);
    expect(c.finalTexts).toEqual(['what time is it?']);
    expect(c.of('answer-ended')).toMatchObject([{ outcome: 'done', text: answer, heardChars: answer.length }]);
    expect(c.session.history).toEqual([{ user: 'what time is it?', heard: answer }]);
  });

  it('is prepared before its end is certain and only heard after', async () => {
    const c = new Conversation({ endpointing: fixedSilence(1000) });
    await c.speak('what time is it?');
    await c.silence(600);
    expect(c.responder.requests).toHaveLength(1);
    expect(c.of('answer-started')).toEqual([]);
    expect(c.loudspeaker.audibleAtMs).toEqual([]);
    await c.silence(600);
    expect(c.responder.requests).toHaveLength(1);
    expect(c.loudspeaker.audibleAtMs).toHaveLength(1);
  });

  it('is prepared from its words alone when they are whole, before the pause has been judged', async () => {
    const c = new Conversation();
    c.listener.readingDelayMs = 400;
    await c.speak('what time is it?');
    await c.silence(64);
    await c.partial('what time is it?');
    expect(c.responder.requests).toHaveLength(1);
    await c.silence(3000);
    expect(c.responder.requests, 'the reading said the same').toHaveLength(1);
    expect(c.of('answer-ended')).toHaveLength(1);
  });

  it('that goes on after a breath takes the answer to its first words back', async () => {
    const c = new Conversation();
    await c.speak('what time is it?');
    await c.silence(64);
    await c.partial('what time is it?');
    await c.speak('in Tokyo');
    await c.silence(3000);
    expect(c.responder.requests.map(({ userText }) => userText)).toEqual([
      'what time is it?',
      'what time is it? in Tokyo',
    ]);
    expect(c.of('answer-started')).toHaveLength(1);
  });

  it('is not answered from words that are plainly unfinished', async () => {
    const c = new Conversation();
    await c.speak('I would like to');
    await c.silence(64);
    await c.partial('I would like to');
    expect(c.responder.requests).toEqual([]);
  });

  it('leaves no trace of an answer prepared in a pause that the user spoke on after', async () => {
    const c = new Conversation({ endpointing: fixedSilence(1000) });
    await c.speak('book a table');
    await c.silence(500);
    await c.speak('for two people');
    await c.silence(4000);
    expect(c.finalTexts).toEqual(['book a table for two people']);
    expect(c.responder.requests.map(({ userText }) => userText)).toEqual([
      'book a table',
      'book a table for two people',
    ]);
    expect(c.of('answer-started')).toHaveLength(1);
    expect(c.of('answer-withdrawn')).toEqual([]);
  });

  it('waits longer after an unfinished phrase than after a question', async () => {
    const delays: number[] = [];
    for (const [text, complete] of [
      ['what time is it?', 0.9],
      ['I would like to', 0.4],
    ] as const) {
      const c = new Conversation();
      await c.speak(text, { complete });
      const endedAtMs = c.clock.nowMs();
      await c.silence(3000);
      delays.push(c.loudspeaker.audibleAtMs[0]! - endedAtMs);
    }
    expect(delays[1]! / delays[0]!).toBeGreaterThan(3);
  });

  it('of one short word is never lost', async () => {
    for (const word of ['yes', 'no', 'two']) {
      const c = new Conversation();
      await c.speak(word, { ms: 200 });
      await c.silence(2500);
      expect(c.finalTexts).toEqual([word]);
    }
  });

  it('of noise without words draws no reply and does not end the conversation', async () => {
    const c = new Conversation();
    await c.makeNoise(600);
    await c.silence(1500);
    expect(c.finalTexts).toEqual([]);
    expect(c.responder.requests).toEqual([]);
    await c.speak('hello');
    await c.silence(2500);
    expect(c.finalTexts).toEqual(['hello']);
  });

  it('shows the words of the user before those of the answer', async () => {
    const c = new Conversation();
    await c.speak('hello');
    await c.silence(2500);
    const types = c.events.map(({ type }) => type);
    expect(types.indexOf('user-text')).toBeLessThan(types.indexOf('answer-started'));
    expect(types.indexOf('answer-started')).toBeLessThan(types.indexOf('answer-text'));
  });
});

describe('the way to find the end of a turn', () => {
  it.each(['semantic', 'fixed-300', 'fixed-1500'] as const)('can be chosen: %s', async (endpointing) => {
    const c = new Conversation(turnConfigOf({ ...DEFAULT_TURN_SETTINGS, endpointing }));
    await c.speak('what time is it?');
    const endedAtMs = c.clock.nowMs();
    await c.silence(2500);
    const bounds = { semantic: [150, 300], 'fixed-300': [300, 400], 'fixed-1500': [1500, 1600] }[endpointing];
    expect(c.loudspeaker.audibleAtMs[0]! - endedAtMs).toBeGreaterThanOrEqual(bounds[0]!);
    expect(c.loudspeaker.audibleAtMs[0]! - endedAtMs).toBeLessThanOrEqual(bounds[1]!);
  });

  it('is changed for the next utterance, not in the middle of one', async () => {
    const c = new Conversation({ endpointing: fixedSilence(300) });
    await c.speak('what time');
    c.config = { ...c.config, endpointing: fixedSilence(1500) };
    await c.silence(500);
    expect(c.finalTexts).toEqual(['what time']);
    await c.silence(4000);
    await c.speak('is it?');
    await c.silence(1400);
    expect(c.finalTexts).toEqual(['what time']);
    await c.silence(300);
    expect(c.finalTexts).toEqual(['what time', 'is it?']);
  });
});

describe('speaking over an answer', () => {
  async function answering(): Promise<Conversation> {
    const c = new Conversation();
    c.responder.answer = () => answer.repeat(4);
    await c.speak('tell me a story.');
    await c.silence(1500);
    expect(c.loudspeaker.isSounding).toBe(true);
    return c;
  }

  it('silences it within 200 ms and keeps only what was heard', async () => {
    const c = await answering();
    const onsetMs = c.clock.nowMs();
    await c.speak('stop that please', { ms: 150 });
    expect(c.clock.nowMs() - onsetMs).toBeLessThanOrEqual(200);
    expect(c.loudspeaker.isSounding).toBe(false);
    await c.speak('', { ms: 300 });
    await c.silence(3000);
    const [ended] = c.of('answer-ended');
    expect(ended).toMatchObject({ outcome: 'interrupted' });
    expect(ended!.heardChars).toBeGreaterThan(0);
    expect(ended!.heardChars).toBeLessThan(ended!.text.length);
    expect(c.session.history[0]!.heard).toBe(ended!.text.slice(0, ended!.heardChars));
    expect(c.finalTexts.at(-1)).toContain('stop that please');
  });

  it.each(['Stop, wait.', 'Hold on a second.', 'Stop.', 'okay, stop please'])(
    'to say only "%s" draws no answer',
    async (text) => {
      const c = await answering();
      await c.speak(text, { ms: 700 });
      await c.silence(4000);
      expect(c.of('answer-ended')).toMatchObject([{ outcome: 'interrupted' }]);
      expect(c.responder.requests).toHaveLength(1);
      expect(c.finalTexts.at(-1)).toBe(text);
      expect(c.of('floor').at(-1)).toEqual({ type: 'floor', floor: 'listening' });
      await c.speak('go on then, what happened?');
      await c.silence(1000);
      expect(c.responder.requests).toHaveLength(2);
    },
  );

  it('to ask for something else is answered', async () => {
    const c = await answering();
    await c.speak('stop, tell me about cats', { ms: 900 });
    await c.silence(1500);
    expect(c.responder.requests.at(-1)!.userText).toBe('stop, tell me about cats');
  });

  it('lets no scrap of it out between being held and being stopped', async () => {
    const c = await answering();
    await c.speak('no, stop that please', { ms: 900 });
    await c.silence(600);
    expect(c.loudspeaker.order.slice(0, 3)).toEqual(['hold', 'stop', 'release']);
  });

  it('with "mm-hm" holds it for less than a second and loses none of it', async () => {
    const c = await answering();
    await c.speak('Mm-hmm.', { ms: 350 });
    await c.silence(600);
    expect(c.loudspeaker.isSounding).toBe(true);
    await c.silence(12_000);
    expect(c.of('answer-ended')).toMatchObject([{ outcome: 'done', heardChars: answer.length * 4 }]);
    expect(c.finalTexts).toEqual(['tell me a story.']);
  });

  it('with a first word that nobody recognised and a second one that somebody did ends it', async () => {
    const c = await answering();
    await c.makeNoise(300);
    await c.silence(160);
    await c.speak('wait', { ms: 350 });
    await c.silence(1500);
    expect(c.of('answer-ended')).toMatchObject([{ outcome: 'interrupted' }]);
  });

  it('with a cough holds it and comes back', async () => {
    const c = await answering();
    await c.makeNoise(250);
    await c.silence(600);
    expect(c.loudspeaker.isSounding).toBe(true);
    expect(c.of('answer-ended')).toEqual([]);
  });

  it('with "yeah" that goes on to be a request ends it', async () => {
    const c = await answering();
    await c.speak('yeah', { ms: 300 });
    await c.speak('but what about Thursday', { ms: 900 });
    await c.silence(3000);
    expect(c.of('answer-ended')[0]).toMatchObject({ outcome: 'interrupted' });
    expect(c.finalTexts.at(-1)).toBe('yeah but what about Thursday');
  });

  it('in its last moment is a turn like any other', async () => {
    const c = new Conversation();
    await c.speak('hello');
    await c.silence(2200);
    await c.speak('mm-hm', { ms: 400 });
    await c.silence(4000);
    expect(c.loudspeaker.held).toBe(false);
    expect(c.session.history.length).toBeGreaterThanOrEqual(1);
  });
});

describe('a user who goes on after the end was called', () => {
  it('has one turn, and the answer is taken back', async () => {
    const c = new Conversation();
    c.responder.hold = deferred();
    await c.speak('book a table.', { complete: 0.99 });
    await c.silence(700);
    expect(c.finalTexts).toEqual(['book a table.']);
    await c.speak('for two people tomorrow');
    await c.silence(400);
    c.responder.hold.resolve();
    await c.silence(4000);
    expect(c.finalTexts.at(-1)).toBe('book a table. for two people tomorrow');
    expect(c.of('answer-ended')).toHaveLength(1);
    expect(c.session.history.map(({ user }) => user)).toEqual(['book a table. for two people tomorrow']);
  });
});

describe('modes', () => {
  it('push-to-talk ends the turn on release, whatever the pauses before', async () => {
    const c = new Conversation();
    c.session.setInputMode('push-to-talk');
    await c.speak('not for you');
    await c.silence(1500);
    expect(c.finalTexts).toEqual([]);
    c.session.pushToTalk(true);
    await c.speak('what is');
    await c.silence(3000);
    await c.speak('the time');
    c.session.pushToTalk(false);
    await c.silence(1000);
    expect(c.finalTexts).toEqual(['what is the time']);
  });

  it('push-to-talk waits for all that was said before release, however far behind the listening is', async () => {
    const c = new Conversation();
    c.session.setInputMode('push-to-talk');
    c.session.pushToTalk(true);
    c.captureAtOnce('what is', 900, 'the time');
    c.session.pushToTalk(false);
    // The tail of the release is over long before the first window has been heard.
    await c.clock.advanceAsync(900);
    expect(c.finalTexts).toEqual([]);
    await c.catchUp();
    await c.clock.advanceAsync(500);
    expect(c.finalTexts).toEqual(['what is the time']);
    expect(c.of('user-dropped')).toEqual([]);
  });

  it('push-to-talk does not wait for a listening that has fallen silent', async () => {
    const c = new Conversation();
    c.session.setInputMode('push-to-talk');
    c.session.pushToTalk(true);
    await c.speak('what is the time');
    c.captureAtOnce('please');
    c.session.pushToTalk(false);
    await c.clock.advanceAsync(3000);
    expect(c.finalTexts).toEqual(['what is the time']);
  });

  it('push-to-talk silences an answer at once', async () => {
    const c = new Conversation();
    c.session.setInputMode('push-to-talk');
    c.session.say('hello');
    await c.silence(500);
    expect(c.loudspeaker.isSounding).toBe(true);
    c.session.pushToTalk(true);
    await c.silence(64);
    expect(c.loudspeaker.isSounding).toBe(false);
  });

  it('mute hears nothing and lets the answer go on', async () => {
    const c = new Conversation();
    c.session.say('hello');
    await c.silence(300);
    c.session.setMuted(true);
    await c.speak('stop stop stop');
    expect(c.loudspeaker.isSounding).toBe(true);
    expect(c.of('floor').at(-1)).toEqual({ type: 'floor', floor: 'speaking' });
  });

  it('a typed turn takes the floor and is answered', async () => {
    const c = new Conversation();
    c.session.say('hello');
    await c.silence(600);
    c.session.say('no, goodbye');
    await c.silence(4000);
    expect(c.finalTexts).toEqual(['hello', 'no, goodbye']);
    expect(c.of('answer-ended').map(({ outcome }) => outcome)).toEqual(['interrupted', 'done']);
  });

  it('the stop button silences the answer and the next turn works', async () => {
    const c = new Conversation();
    await c.speak('hello');
    await c.silence(900);
    c.session.stop();
    await c.silence(64);
    expect(c.loudspeaker.isSounding).toBe(false);
    await c.speak('once more');
    await c.silence(4000);
    expect(c.of('answer-ended').map(({ outcome }) => outcome)).toEqual(['interrupted', 'done']);
  });
});

describe('failures', () => {
  const failure = (stage: 'listen' | 'think' | 'speak') =>
    new ParleyError({ code: 'child-exited', stage, retryable: true });

  it('name the stage, and the next turn works', async () => {
    const c = new Conversation();
    c.listener.failReading = failure('listen');
    await c.speak('one');
    await c.silence(1000);
    c.listener.failReading = null;
    expect(c.of('turn-failed')).toMatchObject([{ error: { stage: 'listen' } }]);

    c.responder.fail = failure('think');
    await c.speak('two');
    await c.silence(1000);
    c.responder.fail = null;
    c.tts.fail = failure('speak');
    await c.speak('three');
    await c.silence(1000);
    c.tts.fail = null;
    expect(c.of('answer-ended').map(({ error }) => error?.stage)).toEqual(['think', 'speak']);

    await c.speak('four');
    await c.silence(4000);
    expect(c.of('answer-ended').at(-1)).toMatchObject({ outcome: 'done' });
  });

  it('of a model that says nothing are reported instead of dead air', async () => {
    const c = new Conversation();
    c.responder.answer = () => '';
    await c.speak('hello');
    await c.silence(2000);
    expect(c.of('answer-ended')).toMatchObject([{ outcome: 'failed', error: { stage: 'think' } }]);
  });

  it('of the device end a turn with what was heard', async () => {
    const c = new Conversation();
    await c.speak('hello there');
    await c.clock.advanceAsync(4000);
    expect(c.finalTexts).toEqual(['hello there']);
  });

  it('leave no timer behind when the session is closed', async () => {
    const c = new Conversation();
    await c.speak('hello');
    await c.silence(900);
    await c.session.close();
    await c.clock.advanceAsync(1000);
    expect(c.clock.pendingCount, 'only the loudspeaker of the test ticks on').toBe(1);
  });
});
