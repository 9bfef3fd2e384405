import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { ParleyError } from '../../../main/contract/errors.ts';
import { deferred, type Deferred } from '../../../main/lib/deferred.ts';
import type { OpenedWindow } from '../../../main/platform/browser-window-opener.ts';
import { requestOpenUrl } from '../../../main/transport/web-host-control.ts';
import { WebShell, type WebShellOptions } from '../../../main/transport/web-shell.ts';
import { FakeApp } from '../../fakes/fake-app.ts';
import { FakeClock, settle } from '../../fakes/fake-clock.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';

let dir: string;
let clock: FakeClock;
let printed: string[];
let events: string[];
let listening: Deferred<void>;
let running: { shell: WebShell; result: Promise<0 | 1> } | undefined;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'parley-shell-'));
  await mkdir(join(dir, 'renderer'));
  await writeFile(join(dir, 'renderer', 'index.html'), '<title>Parley</title>');
  clock = new FakeClock();
  printed = [];
  events = [];
  listening = deferred();
});
afterEach(async () => {
  running?.shell.stop();
  await running?.result;
  running = undefined;
  await rm(dir, { recursive: true, force: true });
});

/** Runs a shell; resolves when it has printed something, or ended. */
async function start(options: Partial<WebShellOptions> = {}) {
  const firstLine = deferred<void>();
  const shell = new WebShell({
    createApp: async () => ({
      endpoint: new FakeApp(),
      whenListening: () => listening.promise,
      close: async () => void events.push('app closed'),
    }),
    rendererDir: join(dir, 'renderer'),
    runDir: join(dir, 'run'),
    evaluationsDir: join(dir, 'evaluations'),
    port: 0,
    print(line) {
      printed.push(line);
      firstLine.resolve();
    },
    clock,
    logger: new RecordingLogger(),
    ...options,
  });
  const result = shell.run();
  running = { shell, result };
  await Promise.race([firstLine.promise, result]);
  return { shell, result };
}

const printedUrl = () => /^Parley is ready: (http:\/\/127\.0\.0\.1:\d+\/\?token=\S+)$/.exec(printed[0]!)![1]!;

function fakeWindow() {
  const closedByUser = deferred<void>();
  const window: OpenedWindow = {
    kind: 'app-window',
    whenClosed: closedByUser.promise,
    close: async () => void events.push('window closed'),
  };
  return { window, closedByUser };
}

/** A tab that is let in by an address, and connected. */
async function openTab(url: string): Promise<WebSocket> {
  const { origin, host } = new URL(url);
  const cookie = (await fetch(url, { redirect: 'manual' })).headers.get('set-cookie')!.split(';')[0]!;
  const socket = new WebSocket(`ws://${host}/socket`, { origin, headers: { cookie } });
  await once(socket, 'open');
  return socket;
}

describe('WebShell', () => {
  it('prints an address that works, then that it listens once engines and devices are ready', async () => {
    await start();
    expect((await fetch(printedUrl(), { redirect: 'manual' })).status).toBe(303);
    expect(printed).toHaveLength(1);
    listening.resolve();
    await settle();
    expect(printed[1]).toBe('Parley is listening');
  });

  it('says in words why it cannot listen, and goes on serving', async () => {
    await start();
    listening.reject(new ParleyError({ code: 'model-missing', stage: 'listen', detail: 'moonshine' }));
    await settle();
    expect(printed[1]).toMatch(/moonshine.*parley models install/);
    expect((await fetch(printedUrl(), { redirect: 'manual' })).status).toBe(303);
  });

  it('closes window, host and app in that order when stopped, and ends with 0', async () => {
    const { window } = fakeWindow();
    const { shell, result } = await start({ openWindow: async () => window });
    await settle();
    const url = printedUrl();
    shell.stop();
    expect(await result).toBe(0);
    expect(events).toEqual(['window closed', 'app closed']);
    await expect(fetch(url)).rejects.toThrow();
    expect(clock.pendingCount).toBe(0);
  });

  it('closes an app that was still being made when it was stopped', async () => {
    const made = deferred<void>();
    const app = {
      endpoint: new FakeApp(),
      whenListening: () => listening.promise,
      close: async () => void events.push('app closed'),
    };
    const starting = start({ createApp: () => made.promise.then(() => app) });
    await settle();
    running!.shell.stop();
    const { result } = await starting;
    expect(await result).toBe(0);
    made.resolve();
    await settle();
    expect(events).toEqual(['app closed']);
    expect(printed).toEqual([]);
  });

  it('ends within five seconds when the app does not close', async () => {
    const { shell, result } = await start({
      createApp: async () => ({
        endpoint: new FakeApp(),
        whenListening: () => listening.promise,
        close: () => new Promise(() => events.push('app asked to close')),
      }),
    });
    shell.stop();
    await expect.poll(() => events).toEqual(['app asked to close']);
    clock.advance(5000);
    expect(await result).toBe(0);
  });

  it('says what to do when the window was not built, and ends with 1 after closing the app', async () => {
    const { result } = await start({ rendererDir: join(dir, 'nothing') });
    expect(await result).toBe(1);
    expect(printed).toEqual([expect.stringMatching(/npm start/)]);
    expect(events).toEqual(['app closed']);
  });

  it('prints what to do when no window can be opened', async () => {
    await start({ openWindow: async () => undefined });
    await expect.poll(() => printed).toHaveLength(2);
    expect(printed[1]).toContain('address above');
  });

  it('ends when its window is closed and nothing else is connected', async () => {
    const { window, closedByUser } = fakeWindow();
    const { result } = await start({ openWindow: async () => window });
    await settle();
    closedByUser.resolve();
    await settle();
    clock.advance(3000);
    expect(await result).toBe(0);
  });

  it('stays when another tab is connected, and ends when that goes too', async () => {
    const { window, closedByUser } = fakeWindow();
    const { result } = await start({ openWindow: async () => window });
    const tab = await openTab(printedUrl());
    closedByUser.resolve();
    await settle();
    clock.advance(10_000);
    expect(printed).toHaveLength(1);
    expect(events).toEqual([]);
    tab.terminate();
    let ended = false;
    void result.then(() => (ended = true));
    const endedInTime = (): boolean => {
      clock.advance(1000);
      return ended;
    };
    await expect.poll(endedInTime).toBe(true);
  });

  it('lets other programs of the user ask for a new address, by a file that only the user can read', async () => {
    const { shell, result } = await start();
    const control = join(dir, 'run', 'web-host.json');
    expect((await stat(control)).mode & 0o077).toBe(0);
    expect((await stat(join(dir, 'run', 'web-host.key'))).mode & 0o077).toBe(0);
    const url = await requestOpenUrl(join(dir, 'run'));
    expect((await fetch(url, { redirect: 'manual' })).status).toBe(303);
    shell.stop();
    await result;
    await expect(readFile(control)).rejects.toThrow('ENOENT');
    await expect(requestOpenUrl(join(dir, 'run'))).rejects.toMatchObject({ code: 'not-running' });
  });

  it('lets open tabs keep their cookie over a restart on the same port', async () => {
    const { shell, result } = await start();
    const { origin, port } = new URL(printedUrl());
    const cookie = (await fetch(printedUrl(), { redirect: 'manual' })).headers.get('set-cookie')!.split(';')[0]!;
    shell.stop();
    await result;
    printed = [];
    await start({ port: Number(port) });
    expect(new URL(printedUrl()).origin).toBe(origin);
    expect((await fetch(origin, { headers: { cookie } })).status).toBe(200);
  });
});
