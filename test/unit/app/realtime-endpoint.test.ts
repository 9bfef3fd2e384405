import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { AppRealtimeEndpoint } from '../../../main/app-realtime-endpoint.ts';
import type { ServeOptions } from '../../../main/app-realtime.ts';
import { LOOPBACK_LABEL } from '../../../main/contract/architecture.ts';
import { ParleyError } from '../../../main/contract/errors.ts';
import type { AppEvent } from '../../../main/contract/messages.ts';
import type { AppState } from '../../../main/contract/state.ts';
import { AppStateStore } from '../../../main/pipeline/app-state-store.ts';
import { DEFAULT_SETTINGS, type SettingsStore } from '../../../main/platform/settings.ts';
import { FakeArchitecture } from '../../fakes/fake-architecture.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

function setUp() {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-endpoint-'));
  folders.push(dataDir);
  const store = new AppStateStore({ problems: [] } as unknown as AppState);
  const settings: SettingsStore & { current: typeof DEFAULT_SETTINGS } = {
    current: { ...DEFAULT_SETTINGS },
    notices: [],
    update(patch) {
      settings.current = { ...settings.current, ...patch };
      return Promise.resolve();
    },
  };
  const served: (ServeOptions & { isOpen: boolean })[] = [];
  let failure: ParleyError | null = null;
  const logger = new RecordingLogger();
  const endpoint = new AppRealtimeEndpoint({
    settings,
    paths: { dataDir },
    logger,
    store,
    realtime: {
      serve(options) {
        if (failure) return Promise.reject(failure);
        const one = { ...options, isOpen: true };
        served.push(one);
        const close = (): Promise<void> => Promise.resolve(void (one.isOpen = false));
        return Promise.resolve({ baseUrl: `http://127.0.0.1:${options.port}/v1`, close });
      },
    },
    architectures: () => [new FakeArchitecture('gemini-live', { kind: 'speech-to-speech' })],
    stamp: () => '2030-01-01T12:00:00.000Z',
  });
  const events: AppEvent[] = [];
  const window = { id: 'w', carriesAudio: false, sendAudio() {}, send: (event: AppEvent) => void events.push(event) };
  return {
    endpoint,
    served,
    events,
    window,
    dataDir,
    logger,
    shown: () => store.state.realtimeEndpoint!,
    failWith: (error: ParleyError | null) => (failure = error),
  };
}

test('it is off until it is switched on, and says that what answers is a cascade', async () => {
  const { endpoint, window, served, shown } = setUp();
  await endpoint.start();
  expect(served).toEqual([]);
  expect(shown()).toMatchObject({ status: 'off', address: null, serves: LOOPBACK_LABEL });
  await endpoint.handle(window, { type: 'set-realtime-endpoint', settings: { enabled: true } });
  expect(shown()).toMatchObject({ status: 'serving', address: 'ws://127.0.0.1:7412/v1/realtime' });
  await endpoint.handle(window, { type: 'set-realtime-endpoint', settings: { enabled: false } });
  expect(served.map(({ isOpen }) => isOpen)).toEqual([false]);
  expect(shown()).toMatchObject({ status: 'off', address: null });
});

test('the token goes to the window that asks, and into no state, no log, and a file of the user alone', async () => {
  const { endpoint, window, served, events, shown, dataDir, logger } = setUp();
  await endpoint.handle(window, { type: 'set-realtime-endpoint', settings: { enabled: true } });
  await endpoint.handle(window, { type: 'show-realtime-token' });
  const { token } = served[0]!;
  expect(events).toEqual([{ type: 'realtime-token', token }]);
  expect(JSON.stringify(shown())).not.toContain(token);
  expect(JSON.stringify(logger.records)).not.toContain(token);
  const file = join(dataDir, 'realtime-token');
  expect(readFileSync(file, 'utf8').trim()).toBe(token);
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o077).toBe(0);
});

test('a new token shuts the old one out', async () => {
  const { endpoint, window, served } = setUp();
  await endpoint.handle(window, { type: 'set-realtime-endpoint', settings: { enabled: true } });
  await endpoint.handle(window, { type: 'renew-realtime-token' });
  expect(served.map(({ isOpen }) => isOpen)).toEqual([false, true]);
  expect(served[1]!.token).not.toBe(served[0]!.token);
});

test('who is connected is shown, and of a server that is gone nobody', async () => {
  const { endpoint, window, served, shown } = setUp();
  await endpoint.handle(window, { type: 'set-realtime-endpoint', settings: { enabled: true } });
  served[0]!.onClient!({ name: 'robot/1.0' });
  expect(shown().client).toEqual({ name: 'robot/1.0', since: '2030-01-01T12:00:00.000Z' });
  await endpoint.handle(window, { type: 'set-realtime-endpoint', settings: { architectureId: 'gemini-live' } });
  expect(shown()).toMatchObject({ client: null, status: 'serving' });
  served[0]!.onClient!({ name: 'late' });
  expect(shown().client).toBeNull();
  expect(served[1]).toMatchObject({ architectureId: 'gemini-live', isOpen: true });
});

test('a port that is taken is said to be, and another one can be chosen', async () => {
  const { endpoint, window, shown, failWith } = setUp();
  failWith(new ParleyError({ code: 'port-in-use', stage: 'transport' }));
  await endpoint.handle(window, { type: 'set-realtime-endpoint', settings: { enabled: true } });
  expect(shown()).toMatchObject({ status: 'failed', error: { code: 'port-in-use' } });
  failWith(null);
  await endpoint.handle(window, { type: 'set-realtime-endpoint', settings: { port: 0 } });
  expect(shown()).toMatchObject({ status: 'serving', error: null });
});

test('what cannot be served is refused', async () => {
  const { endpoint, window } = setUp();
  const command = { type: 'set-realtime-endpoint', settings: { architectureId: 'naive-cascade' } } as const;
  await expect(endpoint.handle(window, command)).rejects.toMatchObject({ code: 'bad-input' });
});
