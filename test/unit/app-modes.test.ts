import { describe, expect, test } from 'vitest';
import { AppModes } from '../../main/app-modes.ts';
import { ParleyError } from '../../main/contract/errors.ts';
import type { EchoTestResult } from '../../main/contract/capture-chain.ts';
import type { GlobalKeysState } from '../../main/contract/preferences.ts';
import { deferred } from '../../main/lib/deferred.ts';
import { AppStateStore } from '../../main/pipeline/app-state-store.ts';
import type { Conversation } from '../../main/pipeline/conversation.ts';
import { MicrophoneGate } from '../../main/pipeline/microphone-gate.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../main/platform/settings.ts';
import type { AudioBus } from '../../main/ports/audio-devices.ts';
import type { GlobalHotkeys, HotkeyEvent, HotkeyWishes } from '../../main/ports/global-hotkeys.ts';
import { readyState } from '../fakes/fake-app-server.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';

const RESULT: EchoTestResult = {
  verdict: 'cancelled',
  noiseFloorDbfs: -60,
  roundTripMs: 90,
  echoDb: -20,
  erleDb: 30,
  residualDbfs: -65,
};

class FakeHotkeys implements GlobalHotkeys {
  wishes: HotkeyWishes[] = [];
  emit: (event: HotkeyEvent) => void = () => {};
  follow(wishes: HotkeyWishes): Promise<GlobalKeysState> {
    this.wishes.push(wishes);
    return Promise.resolve({ talk: { works: 'hold' }, mute: { works: 'off' } });
  }
  onState(): void {}
  onEvent(listener: (event: HotkeyEvent) => void): void {
    this.emit = listener;
  }
  async close(): Promise<void> {}
}

function setUp(given: Partial<Settings> = {}) {
  const store = new AppStateStore({ ...readyState(), inputMode: given.inputMode ?? 'hands-free' });
  let current: Settings = { ...DEFAULT_SETTINGS, ...given };
  const settings = {
    get current() {
      return current;
    },
    notices: [],
    update: async (patch: Partial<Settings>) => void (current = { ...current, ...patch }),
  };
  const asked: string[] = [];
  const conversation = {
    setMuted: (muted: boolean) => asked.push(`muted ${muted}`),
    pushToTalk: (held: boolean) => asked.push(`held ${held}`),
    setInputMode: (mode: string) => asked.push(mode),
  } as unknown as Conversation;
  const test = deferred<EchoTestResult>();
  const bus = { testEcho: () => test.promise } as unknown as AudioBus;
  const clock = new FakeClock();
  const gate = new MicrophoneGate();
  const globalHotkeys = new FakeHotkeys();
  const logger = new RecordingLogger();
  const parts = { store, settings, clock, logger, bus, conversation, gate, globalHotkeys, onPhrase: () => {} };
  const modes = new AppModes(parts);
  return { ...parts, modes, asked, test };
}

describe('mute', () => {
  test('hands silence to whoever listens, and positions go on', () => {
    const { modes, gate } = setUp();
    const frames = [{ startSample: 320, samples: Float32Array.of(0.5, -0.5) }];
    expect(gate.pass(frames)).toBe(frames);
    modes.actions.setMuted(true);
    expect(gate.pass(frames)).toEqual([{ startSample: 320, samples: Float32Array.of(0, 0) }]);
    modes.actions.setMuted(false);
    expect(gate.pass(frames)).toBe(frames);
  });

  test('lets a toggled talk key go first, and it cannot be pressed meanwhile', () => {
    const { modes, asked, store } = setUp({ inputMode: 'push-to-talk' });
    modes.actions.setPushToTalk(true);
    modes.actions.setMuted(true);
    modes.actions.setPushToTalk(true);
    expect(asked).toEqual(['held true', 'held false', 'muted true']);
    expect(store.state).toMatchObject({ muted: true, pushToTalkHeld: false });
  });
});

describe('keys in other programs', () => {
  test('hold, or begin and end with a press, as chosen and as can be', async () => {
    const { modes, asked, globalHotkeys } = setUp({ inputMode: 'push-to-talk' });
    const press = (type: HotkeyEvent['type']): void => globalHotkeys.emit({ name: 'talk', type });
    press('down');
    press('up');
    press('pressed');
    press('pressed');
    await modes.actions.setPreferences({ pushToTalk: 'toggle', globalTalkKey: 'F9' });
    for (const type of ['down', 'up', 'down', 'up'] as const) press(type);
    expect(asked).toEqual(['held true', 'held false', 'held true', 'held false', 'held true', 'held false']);
    expect(globalHotkeys.wishes.at(-1)).toEqual({ talk: 'F9', mute: null, hold: false });
  });

  test('mute with each press', () => {
    const { store, globalHotkeys } = setUp();
    for (const type of ['down', 'up'] as const) globalHotkeys.emit({ name: 'mute', type });
    expect(store.state.muted).toBe(true);
    globalHotkeys.emit({ name: 'mute', type: 'pressed' });
    expect(store.state.muted).toBe(false);
  });
});

describe('the test of the room', () => {
  test('tells how far it is and what came of it, and nobody hears its sound', async () => {
    const { modes, store, clock, gate, test } = setUp();
    modes.actions.testRoom();
    expect(gate.isClosed).toBe(true);
    clock.advance(3250);
    expect(store.state.roomTest).toEqual({ status: 'running', step: 'noise', progress: 0.5 });
    test.resolve(RESULT);
    await clock.advanceAsync(0);
    expect(store.state.roomTest).toEqual({ status: 'done', result: RESULT });
    expect(gate.isClosed).toBe(false);
    expect(clock.pendingCount).toBe(0);
  });

  test.each(['hearing', 'thinking', 'speaking'] as const)('is refused while the floor is %s', (floor) => {
    const { modes, store } = setUp();
    store.update({ floor });
    modes.actions.testRoom();
    expect(store.state.roomTest).toEqual({ status: 'refused', because: 'talking' });
  });

  test('is worth nothing when something was said in the middle of it', async () => {
    const { modes, store, clock, test } = setUp();
    modes.actions.testRoom();
    store.update({ floor: 'speaking' });
    store.update({ floor: 'listening' });
    test.resolve(RESULT);
    await clock.advanceAsync(0);
    expect(store.state.roomTest).toEqual({ status: 'refused', because: 'talking' });
  });

  test('is for the sound card, and says what was missing', async () => {
    const { modes, store, clock, test } = setUp();
    store.update({ audio: { ...store.state.audio, driver: 'browser' } });
    modes.actions.testRoom();
    expect(store.state.roomTest).toEqual({ status: 'refused', because: 'elsewhere' });
    store.update({ audio: { ...store.state.audio, driver: 'portaudio' } });
    modes.actions.testRoom();
    test.reject(new ParleyError({ code: 'no-device', stage: 'audio' }));
    await clock.advanceAsync(0);
    expect(store.state.roomTest).toEqual({ status: 'refused', because: 'no-device' });
  });
});
