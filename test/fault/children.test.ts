import { fork } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ParleyError } from '../../main/contract/errors.ts';
import { MonotonicClock } from '../../main/platform/monotonic-clock.ts';
import type { ChildLimitOverrides } from '../../main/children/child-limits.ts';
import { ForkHost } from '../../main/children/fork-host.ts';
import { SupervisedChild } from '../../main/children/supervised-child.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { isRunning, untilGone } from './children/processes.ts';

const entriesDir = join(import.meta.dirname, 'children');
const limits: ChildLimitOverrides = {
  heartbeat: { intervalMs: 100, warnMisses: 5, killMisses: 15, threadWarnMisses: 50, threadKillMisses: 100 },
  restart: { firstDelayMs: 10 },
};

interface Item {
  index: number;
  pcm: Float32Array;
}

const children: SupervisedChild[] = [];
const pids = new Set<number>();

function faulty(config: unknown = {}, overrides: ChildLimitOverrides = {}) {
  const logger = new RecordingLogger();
  const host = new ForkHost({ entriesDir, environment: { ...process.env, OPENAI_API_KEY: 'not-for-children' } });
  const spawn = host.spawn.bind(host);
  host.spawn = (name) => {
    const spawned = spawn(name);
    if (spawned.pid !== undefined) pids.add(spawned.pid);
    return spawned;
  };
  const child = new SupervisedChild({
    name: 'think',
    config,
    host,
    clock: new MonotonicClock(),
    logger,
    limits: { ...limits, ...overrides },
  });
  children.push(child);
  return { child, logger };
}

async function startedFaulty(config: unknown = {}, overrides: ChildLimitOverrides = {}) {
  const parts = faulty(config, overrides);
  await parts.child.start();
  return parts;
}

async function outcome(promise: Promise<unknown>): Promise<ParleyError> {
  const settled: unknown = await promise.then(
    () => new Error('It was expected to reject.'),
    (error: unknown) => error,
  );
  if (settled instanceof ParleyError) return settled;
  throw settled;
}

function heard(child: SupervisedChild, method: string): Promise<unknown> {
  return new Promise((resolve) => child.onNotify(method, resolve));
}

// Whatever a test did, no process of it is left.
afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => child.stop()));
  for (const pid of pids) await untilGone(pid);
  pids.clear();
});

describe('a real child process', () => {
  it('answers calls, streams audio and hears notifications', async () => {
    const { child } = await startedFaulty();
    const pcm = new Float32Array([0.25, -0.5]);
    expect(await child.call('echo', { pcm, text: 'hello' })).toEqual({ pcm, text: 'hello' });
    const items: Item[] = [];
    for await (const item of child.stream<Item>('count', { to: 100 })) if (items.push(item) === 100) break;
    expect(items.map((item) => item.index)).toEqual(Array.from({ length: 100 }, (_unused, index) => index));
    expect(items[99]!.pcm).toEqual(new Float32Array(160).fill(99));
    const pushed = heard(child, 'pushed');
    // A view of part of a larger buffer, as a ring buffer gives it.
    child.notify('push', { samples: new Float32Array([9, 1, 2, 3, 9]).subarray(1, 4) });
    expect(await pushed).toEqual({ sum: 6 });
  });

  it('is given no API key', async () => {
    const { child } = await startedFaulty();
    const environment = await child.call<Record<string, string>>('environment', null);
    expect(environment).toMatchObject({ PATH: process.env['PATH'], ORT_DISABLE_TELEMETRY: '1' });
    expect(environment).not.toHaveProperty('OPENAI_API_KEY');
  });

  it('ends a synchronous loop of its engine through the shared cancel flag', async () => {
    const { child } = await startedFaulty();
    const looping = heard(child, 'looping');
    const ended = heard(child, 'loop-ended');
    const controller = new AbortController();
    const call = outcome(child.call('untilCancelled', null, { signal: controller.signal }));
    await looping;
    controller.abort();
    expect((await call).code).toBe('cancelled');
    await ended;
    expect(await child.call('echo', 'same process')).toBe('same process');
    expect(child.restarts).toBe(0);
  });

  it('closes its engine when it is stopped', async () => {
    const { child, logger } = await startedFaulty();
    const pid = child.pid!;
    await child.stop();
    expect(isRunning(pid)).toBe(false);
    expect(logger.records.filter((record) => record.level === 'warn')).toEqual([]);
  });
});

describe('a real child process that gets a signal', () => {
  it('stays when Ctrl-C or a closed terminal reaches the whole group: the app ends it in its own order', async () => {
    const { child } = await startedFaulty();
    const pid = child.pid!;
    process.kill(pid, 'SIGINT');
    process.kill(pid, 'SIGHUP');
    expect(await child.call('echo', 'still there')).toBe('still there');
    expect(child.pid).toBe(pid);
  });

  it('closes its engine on SIGTERM before it leaves, and is started again', async () => {
    const { child } = await startedFaulty();
    const closed = heard(child, 'closed');
    const restarting = new Promise<void>((resolve) => {
      child.onStatus((status) => status === 'restarting' && resolve());
    });
    process.kill(child.pid!, 'SIGTERM');
    await Promise.all([closed, restarting]);
    expect(await child.call('echo', 'again')).toBe('again');
  });
});

describe('a real child process that dies during a call and in a stream', () => {
  const deaths: [string, (child: SupervisedChild) => void][] = [
    ['is killed with SIGKILL', (child) => process.kill(child.pid!, 'SIGKILL')],
    ['is aborted by native code', (child) => void child.call('abort', null).catch(() => {})],
    ['has its engine thread exit', (child) => void child.call('exitThread', null).catch(() => {})],
    ['has an uncaught exception in its engine', (child) => void child.call('throwLater', null).catch(() => {})],
  ];

  it.each(deaths)('%s: both fail with child-exited and the next call works', async (_name, die) => {
    const { child } = await startedFaulty();
    const call = outcome(child.call('never', null));
    const reader = child.stream<Item>('count', { to: 1 })[Symbol.asyncIterator]();
    await reader.next();
    const item = outcome(reader.next());
    const pid = child.pid;
    die(child);
    expect(await call).toMatchObject({ code: 'child-exited', stage: 'think' });
    expect(await item).toMatchObject({ code: 'child-exited', stage: 'think' });
    expect(await child.call('echo', 'again')).toBe('again');
    expect(child.pid).not.toBe(pid);
    expect(child.restarts).toBe(1);
  });

  it('has its last words in the log', async () => {
    const { child, logger } = await startedFaulty();
    await outcome(child.call('throwLater', null));
    await child.call('echo', 1);
    const lost = logger.records.find((record) => record.message === 'Child was lost.');
    expect(JSON.stringify(lost?.fields['stderr'])).toContain('uncaught in the engine');
  });
});

describe('a real child process that hangs', () => {
  it('in its engine thread during a call: the call ends at its limit and the next one works', async () => {
    const { child } = await startedFaulty();
    const pid = child.pid!;
    const error = await outcome(child.call('hang', null, { timeoutMs: 200 }));
    expect(error).toMatchObject({ code: 'call-timeout', stage: 'think' });
    expect(await child.call('echo', 'again')).toBe('again');
    expect(isRunning(pid)).toBe(false);
  });

  it('in its engine thread in a stream: the reader gets what came, then call-timeout, and the next call works', async () => {
    const { child } = await startedFaulty();
    const seen: number[] = [];
    const error = await outcome(
      (async () => {
        const items = child.stream<Item>('count', { to: 3, thenHang: true }, { timeoutMs: 1000 });
        for await (const item of items) seen.push(item.index);
      })(),
    );
    expect(seen).toEqual([0, 1, 2]);
    expect(error.code).toBe('call-timeout');
    expect(await child.call('echo', 'again')).toBe('again');
  });

  it('in its engine thread with no limit in sight: the heartbeat finds it', async () => {
    const { child } = await startedFaulty(
      {},
      { heartbeat: { ...limits.heartbeat, threadWarnMisses: 5, threadKillMisses: 10 } },
    );
    expect(await outcome(child.call('hang', null))).toMatchObject({ code: 'child-unresponsive', stage: 'think' });
    expect(await child.call('echo', 'again')).toBe('again');
  });

  it('in its own event loop during a call: it is unresponsive, then killed, and the next call works', async () => {
    const { child } = await startedFaulty();
    const statuses: string[] = [];
    child.onStatus((status) => statuses.push(status));
    const call = outcome(child.call('never', null));
    child.notify('hang-main', null);
    expect(await call).toMatchObject({ code: 'child-unresponsive', stage: 'think' });
    expect(await child.call('echo', 'again')).toBe('again');
    expect(statuses.slice(0, 4)).toEqual(['busy', 'unresponsive', 'restarting', 'ready']);
  });

  it('when it is asked to close its engine: it is killed', async () => {
    const { child } = await startedFaulty({ hangsOnClose: true }, { stopMs: 200 });
    const pid = child.pid!;
    await child.stop();
    await untilGone(pid);
  });

  it('in its engine thread when it is stopped: it is killed', async () => {
    const { child } = await startedFaulty({}, { stopMs: 200 });
    const pid = child.pid!;
    const call = outcome(child.call('hang', null));
    await child.stop();
    expect((await call).code).toBe('cancelled');
    await untilGone(pid);
  });
});

describe('a real child process that does not start', () => {
  it('reports the error of its engine, and is not tried again when that is no use', async () => {
    const { child } = faulty({ onStart: 'model-missing' });
    expect(await outcome(child.start())).toMatchObject({ code: 'model-missing', stage: 'models', detail: 'm' });
    expect(child.status).toBe('failed');
    expect(child.restarts).toBe(0);
  });

  it.each(['throw', 'abort'])('is given up after three restarts (%s)', async (onStart) => {
    const { child } = faulty({ onStart });
    expect(await outcome(child.start())).toMatchObject({ code: 'child-gave-up', stage: 'think' });
    expect(child.restarts).toBe(3);
    expect(pids.size).toBe(4);
  });

  it('is killed at the start limit when its engine hangs', async () => {
    const { child } = faulty({ onStart: 'hang' }, { startMs: 500, restart: { maxRestarts: 0 } });
    expect((await outcome(child.start())).code).toBe('child-gave-up');
  });

  it('is given up when its file is not there', async () => {
    const child = new SupervisedChild({
      name: 'audio',
      config: {},
      host: new ForkHost({ entriesDir }),
      clock: new MonotonicClock(),
      logger: new RecordingLogger(),
      limits,
    });
    children.push(child);
    expect((await outcome(child.start())).code).toBe('child-gave-up');
  });
});

describe('a child whose app is gone', () => {
  const orphans: [string, string[]][] = [
    ['leaves by itself', ['{}']],
    ['leaves even if its engine hangs', ['{}', 'hang']],
    ['leaves even if its engine does not close', ['{"hangsOnClose":true}']],
  ];

  it.each(orphans)('%s', async (_name, parameters) => {
    const app = fork(join(entriesDir, 'app-process.ts'), parameters, { execArgv: [] });
    const childPid = await new Promise<number>((resolve) => {
      app.on('message', (message: { childPid: number }) => resolve(message.childPid));
    });
    expect(isRunning(childPid)).toBe(true);
    const gone = new Promise((resolve) => app.once('exit', resolve));
    app.kill('SIGKILL');
    await gone;
    await untilGone(childPid);
  });
});
