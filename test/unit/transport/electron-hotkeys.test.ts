import { expect, test } from 'vitest';
import type { ChildExit, HostedChild } from '../../../main/children/child-host.ts';
import type { KeyWatchReport } from '../../../main/children/key-watch-messages.ts';
import { linkedPair } from '../../../main/children/message-link.ts';
import type { HotkeyEvent } from '../../../main/ports/global-hotkeys.ts';
import { ElectronHotkeys } from '../../../main/transport/electron-hotkeys.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';

class FakeKeysChild implements HostedChild {
  readonly pid = 1;
  readonly link;
  readonly report: (report: KeyWatchReport) => void;
  exit: (exit: ChildExit) => void = () => {};
  killed = false;
  constructor(answer: KeyWatchReport | null) {
    const [near, far] = linkedPair();
    this.link = near;
    this.report = (report) => far.post(report);
    far.onMessage(() => answer && far.post(answer));
  }
  kill(): void {
    this.killed = true;
  }
  onExit(listener: (exit: ChildExit) => void): void {
    this.exit = listener;
  }
  onStderr(): void {}
}

function setUp(given: { answer?: KeyWatchReport | null; sessionType?: string; platform?: NodeJS.Platform } = {}) {
  const { answer = { type: 'ready' }, sessionType = 'x11', platform = 'linux' } = given;
  const registered = new Map<string, () => void>();
  const taken = new Set<string>();
  const children: FakeKeysChild[] = [];
  const clock = new FakeClock();
  const hotkeys = new ElectronHotkeys({
    shortcuts: {
      register: (key, callback) => !taken.has(key) && Boolean(registered.set(key, callback)),
      unregister: (key) => void registered.delete(key),
    },
    spawn: () => {
      const child = new FakeKeysChild(answer);
      children.push(child);
      return child;
    },
    clock,
    logger: new RecordingLogger(),
    platform,
    sessionType,
  });
  const events: HotkeyEvent[] = [];
  hotkeys.onEvent((event) => events.push(event));
  return { hotkeys, registered, taken, children, clock, events };
}

test('a key is held from its going down, as Electron tells it, to its going up, as the child does', async () => {
  const { hotkeys, registered, children, clock, events } = setUp();
  expect(await hotkeys.follow({ talk: 'Control+Alt+Space', mute: null, hold: true })).toEqual({
    talk: { works: 'hold' },
    mute: { works: 'off' },
  });
  registered.get('Control+Alt+Space')!();
  children[0]!.report({ type: 'down', key: 'Space' });
  children[0]!.report({ type: 'up', key: 'Space' });
  await clock.advanceAsync(0);
  expect(events).toEqual([
    { name: 'talk', type: 'down' },
    { name: 'talk', type: 'up' },
  ]);
});

test.each([
  { given: { sessionType: 'wayland' }, because: 'wayland', started: 0 },
  { given: { answer: { type: 'failed', message: 'no' } as const }, because: 'not-available', started: 1 },
  {
    given: { answer: { type: 'failed', message: 'no' } as const, platform: 'darwin' as const },
    because: 'not-permitted',
    started: 1,
  },
])('a press is half a turn, and why, where its going up is not told: $because', async ({ given, because, started }) => {
  const { hotkeys, registered, children, clock, events } = setUp(given);
  const state = await hotkeys.follow({ talk: 'F9', mute: null, hold: true });
  expect(state.talk).toEqual({ works: 'toggle', because });
  expect(children).toHaveLength(started);
  const press = registered.get('F9')!;
  clock.advance(1000);
  press();
  // Held down, it repeats: still one press.
  for (let i = 0; i < 20; i++) {
    clock.advance(i === 0 ? 660 : 40);
    press();
  }
  clock.advance(1000);
  press();
  expect(events).toEqual([
    { name: 'talk', type: 'pressed' },
    { name: 'talk', type: 'pressed' },
  ]);
});

test('a key that another program has is said to be', async () => {
  const { hotkeys, taken } = setUp();
  taken.add('F10');
  const state = await hotkeys.follow({ talk: null, mute: 'F10', hold: true });
  expect(state).toEqual({ talk: { works: 'off' }, mute: { works: 'no', because: 'taken' } });
});

test('a child that dies is started again, lets the key go, and is given up after the third time', async () => {
  const { hotkeys, registered, children, clock, events } = setUp();
  const states: unknown[] = [];
  hotkeys.onState(({ talk }) => states.push(talk));
  await hotkeys.follow({ talk: 'F9', mute: null, hold: true });
  registered.get('F9')!();
  children[0]!.report({ type: 'down', key: 'F9' });
  await clock.advanceAsync(0);
  for (let i = 0; i < 4; i++) children[i]!.exit({ code: null, signal: 'SIGSEGV' });
  expect(events.at(-1)).toEqual({ name: 'talk', type: 'up' });
  expect(children).toHaveLength(4);
  expect(states).toEqual([{ works: 'toggle', because: 'not-available' }]);
});

test('a child that says nothing is not waited for, and keys are given back at the end', async () => {
  const { hotkeys, registered, children, clock } = setUp({ answer: null });
  const following = hotkeys.follow({ talk: 'F9', mute: 'F10', hold: true });
  clock.advance(5000);
  expect((await following).talk).toEqual({ works: 'toggle', because: 'not-available' });
  expect(children[0]!.killed).toBe(true);
  await hotkeys.close();
  expect([...registered.keys()]).toEqual([]);
  expect(clock.pendingCount).toBe(0);
});
