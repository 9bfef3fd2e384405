import { describe, expect, it } from 'vitest';
import { preferencesSchema } from '../../../main/contract/preferences.ts';
import { DEFAULT_SETTINGS } from '../../../main/platform/settings.ts';
import { ParleyError } from '../../../main/contract/errors.ts';
import { Parley } from '../../../renderer/state/parley.svelte.ts';
import type { TabAudio, TabAudioCallbacks } from '../../../renderer/state/tab-sound.svelte.ts';
import { agentLine, readyState, userLine } from '../../fakes/fake-app-server.ts';
import { setUpClient, settle } from './fake-transport.ts';

class FakeTabAudio implements TabAudio {
  readonly orders: unknown[] = [];
  played = 0;
  closed = false;
  play(): void {
    this.played++;
  }
  order(order: unknown): void {
    this.orders.push(order);
  }
  close(): void {
    this.closed = true;
  }
}

function setUp({ remembered = false, unasked = false } = {}) {
  const connection = setUpClient();
  const audio = { opened: [] as FakeTabAudio[], callbacks: undefined as TabAudioCallbacks | undefined };
  const failure = { next: undefined as ParleyError | undefined };
  const memory = { on: remembered };
  const parley = new Parley({
    client: connection.client,
    openAudio: async (callbacks) => {
      if (failure.next !== undefined) throw failure.next;
      audio.callbacks = callbacks;
      const opened = new FakeTabAudio();
      audio.opened.push(opened);
      return opened;
    },
    mayStartUnasked: async () => unasked,
    copy: async () => {},
    remember: { get: () => memory.on, set: (on) => (memory.on = on) },
  });
  connection.client.start();
  return { ...connection, parley, audio, failure, memory };
}

async function startTabSound({ parley, latest }: ReturnType<typeof setUp>): Promise<void> {
  const started = parley.tabSound.start();
  await settle();
  latest().reply('use-browser-audio');
  await started;
}

describe('the transcript', () => {
  it('replaces a line in its place and leaves every other entry the same object', () => {
    const { parley, latest } = setUp();
    latest().welcome(readyState(), [
      userLine({ id: 'a', text: 'one' }),
      userLine({ id: 'b', text: 'tw', status: 'partial' }),
    ]);
    const before = parley.transcript.entries;
    latest().event({ type: 'line', line: userLine({ id: 'b', text: 'two' }) });
    expect(parley.transcript.entries).toBe(before);
    expect(before.map(({ line }) => line.text)).toEqual(['one', 'two']);
  });

  it('keeps the order of first appearance, and forgets removed lines', () => {
    const { parley, latest } = setUp();
    latest().welcome(readyState());
    for (const id of ['a', 'b', 'c']) latest().event({ type: 'line', line: userLine({ id, text: id }) });
    latest().event({ type: 'line', line: userLine({ id: 'a', text: 'A' }) });
    latest().event({ type: 'lines-removed', ids: ['b'] });
    expect(parley.transcript.entries.map(({ line }) => line.text)).toEqual(['A', 'c']);
    latest().event({ type: 'line', line: userLine({ id: 'b', text: 'again' }) });
    expect(parley.transcript.entries.map(({ id }) => id)).toEqual(['a', 'c', 'b']);
  });

  it('is the snapshot after a reconnect, with entries kept that were there before', () => {
    const { parley, latest, timers } = setUp();
    latest().welcome(readyState(), [userLine({ id: 'a', text: 'one' }), userLine({ id: 'gone', text: 'x' })]);
    const kept = parley.transcript.entries[0];
    latest().lose();
    timers.run();
    latest().welcome(readyState(), [userLine({ id: 'a', text: 'one' }), agentLine({ id: 'b', text: 'two' })]);
    expect(parley.transcript.entries.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(parley.transcript.entries[0]).toBe(kept);
  });
});

describe('the conversation', () => {
  it('shows the app’s floor, and that there is none while the connection is lost', () => {
    const { parley, latest, timers } = setUp();
    expect(parley.conversation.floor).toBe('starting');
    latest().welcome({ ...readyState(), floor: 'speaking' });
    expect(parley.conversation.floor).toBe('speaking');
    latest().lose();
    expect(parley.conversation.floor).toBe('disconnected');
    timers.run();
    latest().welcome({ ...readyState(), floor: 'thinking' });
    expect(parley.conversation.floor).toBe('thinking');
  });

  it('holds and lets go once each, in push-to-talk only', () => {
    const { parley, latest } = setUp();
    latest().welcome(readyState());
    parley.conversation.pressToTalk();
    latest().event({ type: 'state', state: { ...readyState(), inputMode: 'push-to-talk' } });
    parley.conversation.releaseTalk();
    parley.conversation.pressToTalk();
    parley.conversation.pressToTalk();
    parley.conversation.releaseTalk();
    parley.conversation.releaseTalk();
    const commands = latest()
      .commands()
      .filter(({ type }) => type === 'push-to-talk');
    expect(commands).toEqual([
      { type: 'push-to-talk', held: true },
      { type: 'push-to-talk', held: false },
    ]);
  });

  it('begins with one press and ends with the next where that is chosen, and follows what a key elsewhere did', () => {
    const { parley, latest } = setUp();
    const preferences = preferencesSchema.parse({ ...DEFAULT_SETTINGS, pushToTalk: 'toggle' });
    const state = { ...readyState(), inputMode: 'push-to-talk' as const, preferences };
    latest().welcome(state);
    parley.conversation.pressToTalk();
    parley.conversation.releaseTalk();
    expect(parley.conversation.talkHeld).toBe(true);
    parley.conversation.pressToTalk();
    latest().event({ type: 'state', state: { ...state, pushToTalkHeld: true } });
    parley.conversation.pressToTalk();
    latest().event({ type: 'state', state });
    expect(parley.conversation.talkHeld).toBe(false);
    const held = latest()
      .commands()
      .flatMap((command) => (command.type === 'push-to-talk' ? [command.held] : []));
    expect(held).toEqual([true, false, false]);
  });

  it('lets go when the connection is lost with the key down', () => {
    const { parley, latest } = setUp();
    latest().welcome({ ...readyState(), inputMode: 'push-to-talk' });
    parley.conversation.pressToTalk();
    latest().lose();
    expect(parley.conversation.talkHeld).toBe(false);
  });

  it('tells a refused command in words, and a lost connection not twice', async () => {
    const { parley, latest } = setUp();
    latest().welcome(readyState());
    parley.conversation.chooseDevice('input', 'mic-9');
    latest().reply('choose-device', { code: 'unknown-device', stage: 'audio', message: '', retryable: false });
    parley.conversation.stop();
    latest().lose();
    await settle();
    expect(parley.notices.all.map(({ title }) => title)).toEqual(['The chosen sound device is not there.']);
  });

  it('keeps the typed words when they cannot be sent', () => {
    const { parley, latest } = setUp();
    expect(parley.conversation.say('hello')).toBe(false);
    latest().welcome(readyState());
    expect(parley.conversation.say('   ')).toBe(false);
    expect(parley.conversation.say(' hello ')).toBe(true);
    expect(latest().commands().at(-1)).toEqual({ type: 'say', text: 'hello' });
  });
});

describe('sound through this tab', () => {
  it('tells the app, then sends microphone frames and reports what was played', async () => {
    const setup = setUp();
    setup.latest().welcome(readyState());
    await startTabSound(setup);
    setup.audio.callbacks!.onMicrophoneFrame(new ArrayBuffer(8));
    setup.audio.callbacks!.onPlayed([{ answerNumber: 1, playedSamples: 240, ended: false }]);
    expect(setup.parley.tabSound.phase).toBe('on');
    expect(setup.latest().frames).toHaveLength(1);
    expect(setup.latest().commands().at(-1)).toEqual({
      type: 'browser-played',
      answerNumber: 1,
      playedSamples: 240,
      ended: false,
    });
  });

  it('passes sound and orders on to the player', async () => {
    const setup = setUp();
    setup.latest().welcome(readyState());
    await startTabSound(setup);
    setup.latest().deliverAudio(new ArrayBuffer(14));
    setup.latest().event({ type: 'browser-stop', answerNumber: 3, fadeMs: 10 });
    setup.latest().event({ type: 'browser-hold', held: true, fadeMs: 20 });
    setup.latest().event({ type: 'browser-gain', gainDb: -12, rampMs: 50 });
    setup.latest().event({ type: 'browser-end', answerNumber: 4 });
    const [opened] = setup.audio.opened;
    expect(opened?.played).toBe(1);
    expect(opened?.orders).toEqual([
      { type: 'stop', answerNumber: 3, fadeMs: 10 },
      { type: 'hold', held: true, fadeMs: 20 },
      { type: 'gain', gainDb: -12, rampMs: 50 },
      { type: 'end', answerNumber: 4 },
    ]);
  });

  it('explains a blocked microphone and is off', async () => {
    const { parley, latest, failure } = setUp();
    latest().welcome(readyState());
    failure.next = new ParleyError({ code: 'microphone-blocked', stage: 'audio' });
    await parley.tabSound.start();
    expect(parley.tabSound.phase).toBe('off');
    expect(parley.notices.all[0]?.nextStep).toContain('Allow microphone access');
  });

  it('is the app’s device again after a lost connection, with nothing left of the old one’s answers', async () => {
    const setup = setUp();
    setup.latest().welcome(readyState());
    await startTabSound(setup);
    setup.latest().lose();
    setup.timers.run();
    setup.latest().welcome(readyState());
    expect(setup.latest().commands().at(-1)).toEqual({ type: 'use-browser-audio', on: true });
    expect(setup.audio.opened).toHaveLength(1);
    expect(setup.audio.opened[0]?.orders).toEqual([{ type: 'clear' }]);
  });

  it('starts by itself after a reload when that is allowed, else asks for a gesture', async () => {
    const allowed = setUp({ remembered: true, unasked: true });
    allowed.latest().welcome(readyState());
    await settle();
    expect(allowed.audio.opened).toHaveLength(1);
    const asking = setUp({ remembered: true, unasked: false });
    asking.latest().welcome(readyState());
    await settle();
    expect(asking.audio.opened).toHaveLength(0);
    expect(asking.parley.tabSound.needsGesture).toBe(true);
  });

  it('leaves the sound card alone when nobody asked for the tab', async () => {
    const { latest, audio, parley } = setUp({ unasked: true });
    latest().welcome(readyState());
    await settle();
    expect(audio.opened).toHaveLength(0);
    expect(parley.tabSound.needsGesture).toBe(false);
  });

  it('gives everything back when it is switched off, or loses the microphone', async () => {
    const setup = setUp();
    setup.latest().welcome(readyState());
    await startTabSound(setup);
    const stopped = setup.parley.tabSound.stop();
    setup.latest().reply('use-browser-audio');
    await stopped;
    expect(setup.audio.opened[0]?.closed).toBe(true);
    expect(setup.memory.on).toBe(false);
    await startTabSound(setup);
    setup.audio.callbacks!.onLost(new ParleyError({ code: 'device-lost', stage: 'audio' }));
    expect(setup.parley.tabSound.phase).toBe('off');
    expect(setup.parley.notices.all).toHaveLength(1);
  });

  it('closes a microphone that was granted after the reader had changed their mind', async () => {
    const setup = setUp();
    setup.latest().welcome(readyState());
    const started = setup.parley.tabSound.start();
    const stopped = setup.parley.tabSound.stop();
    setup.latest().reply('use-browser-audio');
    await Promise.all([started, stopped]);
    expect(setup.audio.opened[0]?.closed).toBe(true);
    expect(setup.parley.tabSound.phase).toBe('off');
  });
});
