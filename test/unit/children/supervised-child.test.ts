import { describe, expect, it } from 'vitest';
import { ParleyError } from '../../../main/contract/errors.ts';
import { SupervisedChild } from '../../../main/children/supervised-child.ts';
import type { ChildLimitOverrides } from '../../../main/children/child-limits.ts';
import type { RpcHandlers } from '../../../main/children/rpc-peer.ts';
import { FakeChildHost, type FakeChild } from '../../fakes/fake-child-host.ts';
import { FakeClock, settle } from '../../fakes/fake-clock.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';

const limits: ChildLimitOverrides = {
  startMs: 1000,
  callMs: 5000,
  stopMs: 300,
  goneMs: 200,
  maxWaiting: 4,
  heartbeat: {
    intervalMs: 100,
    warnMisses: 2,
    killMisses: 4,
    threadWarnMisses: 50,
    threadKillMisses: 100,
    suspectKillMisses: 2,
  },
  restart: { maxRestarts: 3, windowMs: 300_000, firstDelayMs: 10, maxDelayMs: 40, stableMs: 60_000 },
};

const engine: RpcHandlers = {
  calls: {
    echo: async (params) => params,
    hang: () => new Promise(() => {}),
  },
  streams: {
    one: async function* () {
      yield 1;
      await new Promise(() => {});
    },
  },
};

function supervised(handlers: RpcHandlers = engine) {
  const clock = new FakeClock();
  const host = new FakeChildHost(handlers);
  const logger = new RecordingLogger();
  const child = new SupervisedChild({ name: 'speak', config: { voice: 'joe' }, host, clock, logger, limits });
  const statuses: string[] = [];
  child.onStatus((status) => statuses.push(status));
  return { child, clock, host, logger, statuses };
}

async function started(handlers: RpcHandlers = engine) {
  const parts = supervised(handlers);
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

const crash = (child: FakeChild) => child.exit({ code: null, signal: 'SIGABRT' });

describe('a child that is well', () => {
  it('gets its configuration, becomes ready, is busy while it works and ready again after', async () => {
    const { child, host, statuses } = await started();
    expect(host.last.config).toEqual({ voice: 'joe' });
    expect(await child.call('echo', 'hello')).toBe('hello');
    expect(statuses).toEqual(['starting', 'ready', 'busy', 'ready']);
  });

  it('is busy from the first to the last item of a stream', async () => {
    const { child } = await started();
    for await (const item of child.stream<number>('one', null)) {
      expect(item).toBe(1);
      expect(child.status).toBe('busy');
      break;
    }
    expect(child.status).toBe('ready');
  });

  it('is started once, however often it is asked', async () => {
    const { child, host } = supervised();
    await Promise.all([child.start(), child.start()]);
    await child.start();
    expect(host.children).toHaveLength(1);
  });

  it('leaves no timer but its heartbeat and the wait for stability', async () => {
    const { child, clock } = await started();
    await child.call('echo', 1);
    expect(clock.pendingCount).toBe(2);
  });
});

describe('a child that dies', () => {
  it('rejects pending calls and streams with child-exited and its name as the stage, and serves the next call', async () => {
    const { child, clock, host, statuses } = await started();
    const call = outcome(child.call('hang', null));
    const reader = child.stream('one', null)[Symbol.asyncIterator]();
    await reader.next();
    const item = outcome(reader.next());
    await settle();
    crash(host.last);
    expect(await call).toMatchObject({ code: 'child-exited', stage: 'speak', retryable: true });
    expect(await item).toMatchObject({ code: 'child-exited', stage: 'speak' });
    const next = child.call('echo', 'again');
    await clock.advanceAsync(10);
    expect(await next).toBe('again');
    expect(child.restarts).toBe(1);
    expect(statuses).toEqual(['starting', 'ready', 'busy', 'restarting', 'ready', 'busy', 'ready']);
  });

  it('is already restarting when its caller learns that the call failed (a retry at that moment must not fail too)', async () => {
    const { child, clock, host } = await started();
    const retried = child.call('hang', null).catch(() => {
      expect(child.status).toBe('restarting');
      return child.call('echo', 'retry');
    });
    await settle();
    crash(host.last);
    await clock.advanceAsync(10);
    expect(await retried).toBe('retry');
  });

  it('logs how it ended with the last lines of its stderr', async () => {
    const { clock, host, logger } = await started();
    host.last.stderr('terminate called\nafter throwing');
    crash(host.last);
    await clock.advanceAsync(0);
    const record = logger.records.find((entry) => entry.message === 'Child was lost.');
    expect(record?.fields).toMatchObject({
      child: 'speak',
      exitSignal: 'SIGABRT',
      stderr: ['terminate called', 'after throwing'],
    });
  });

  it('waits longer before each restart and is given up at the fourth failure', async () => {
    const { child, clock, host } = await started();
    for (const delayMs of [10, 20, 40]) {
      const before = host.children.length;
      crash(host.last);
      await clock.advanceAsync(delayMs - 1);
      expect(host.children).toHaveLength(before);
      await clock.advanceAsync(1);
      expect(host.children).toHaveLength(before + 1);
      expect(child.status).toBe('ready');
    }
    crash(host.last);
    await clock.advanceAsync(100_000);
    expect(host.children).toHaveLength(4);
    expect(child.status).toBe('failed');
    expect(child.error?.code).toBe('child-gave-up');
    expect((await outcome(child.call('echo', 1))).code).toBe('child-gave-up');
  });

  it('has its failures forgotten after running stably', async () => {
    const { child, clock, host } = await started();
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 3; i++) {
        crash(host.last);
        await clock.advanceAsync(40);
      }
      await clock.advanceAsync(60_000);
    }
    expect(child.status).toBe('ready');
    expect(child.restarts).toBe(9);
  });

  it('can be started again after it was given up, with a clean sheet', async () => {
    const { child, clock, host } = await started();
    for (let i = 0; i < 4; i++) {
      crash(host.last);
      await clock.advanceAsync(40);
    }
    expect(child.status).toBe('failed');
    await child.start();
    expect(child.status).toBe('ready');
    expect(child.restarts).toBe(0);
    expect(child.error).toBeUndefined();
    crash(host.last);
    await clock.advanceAsync(10);
    expect(child.status).toBe('ready');
  });

  it('is not started again before the process before it is gone, or cannot be waited for any longer', async () => {
    const { clock, host } = await started();
    host.last.diesWhenKilled = false;
    host.last.answers = false;
    await clock.advanceAsync(500);
    expect(host.last.killed).toBe(true);
    await clock.advanceAsync(199);
    expect(host.children).toHaveLength(1);
    await clock.advanceAsync(1 + 10);
    expect(host.children).toHaveLength(2);
  });
});

describe('a child that does not start', () => {
  it('is killed at the start deadline, tried again, and given up', async () => {
    const { child, clock, host } = supervised();
    host.onStart = () => {};
    const failed = outcome(child.start());
    await clock.advanceAsync(1000);
    expect(host.children[0]!.killed).toBe(true);
    expect(child.status).toBe('restarting');
    expect(child.error?.code).toBe('child-start-timeout');
    await clock.advanceAsync(10_000);
    expect(await failed).toMatchObject({ code: 'child-gave-up', stage: 'speak' });
    expect(host.children).toHaveLength(4);
  });

  it('crashes at start twice and then starts: start() resolves', async () => {
    const { child, clock, host } = supervised();
    host.onStart = (started) => (host.children.length < 3 ? crash(started) : started.ready());
    const start = child.start();
    await clock.advanceAsync(100);
    await start;
    expect(child.restarts).toBe(2);
  });

  it('fails at once when its engine says that trying again is no use', async () => {
    const { child, host } = supervised();
    host.onStart = (started) =>
      started.failToStart(new ParleyError({ code: 'model-missing', stage: 'models', detail: 'piper-joe' }));
    expect(await outcome(child.start())).toMatchObject({ code: 'model-missing', stage: 'models', detail: 'piper-joe' });
    expect(child.status).toBe('failed');
    expect(host.children).toHaveLength(1);
    expect(host.last.killed).toBe(true);
    expect((await outcome(child.call('echo', 1))).code).toBe('model-missing');
  });

  it('is tried again when its engine failed for a reason that may pass', async () => {
    const { child, clock, host } = supervised();
    host.onStart = (started) =>
      host.children.length === 1
        ? started.failToStart(new ParleyError({ code: 'engine-failed', stage: 'speak', retryable: true }))
        : started.ready();
    const start = child.start();
    await clock.advanceAsync(10);
    await start;
    expect(child.restarts).toBe(1);
  });

  it('counts a host that throws as a failure like others', async () => {
    const { child, clock, host } = supervised();
    host.spawnError = new Error('no more processes');
    const failed = outcome(child.start());
    await clock.advanceAsync(1000);
    expect((await failed).code).toBe('child-gave-up');
  });
});

describe('a child that hangs', () => {
  it('is unresponsive first, then killed, and its calls are rejected with child-unresponsive', async () => {
    const { child, clock, host, statuses } = await started();
    const call = outcome(child.call('hang', null));
    host.last.answers = false;
    await clock.advanceAsync(300);
    expect(child.status).toBe('unresponsive');
    await clock.advanceAsync(300);
    expect(await call).toMatchObject({ code: 'child-unresponsive', stage: 'speak' });
    expect(host.children[0]!.killed).toBe(true);
    expect(child.status).toBe('ready');
    expect(statuses).toEqual(['starting', 'ready', 'busy', 'unresponsive', 'restarting', 'ready']);
  });

  it('is left alone when it answers before the second stage', async () => {
    const { child, clock, host } = await started();
    host.last.answers = false;
    await clock.advanceAsync(300);
    expect(child.status).toBe('unresponsive');
    host.last.answers = true;
    await clock.advanceAsync(10_000);
    expect(child.status).toBe('ready');
    expect(child.restarts).toBe(0);
  });

  it('is found by an elapsed call limit when only its engine thread hangs, while new calls wait for the restart', async () => {
    const { child, clock, host } = await started();
    host.last.threadAnswers = false;
    const timedOut = outcome(child.call('hang', null, { timeoutMs: 150 }));
    await clock.advanceAsync(150);
    expect((await timedOut).code).toBe('call-timeout');
    expect(child.status).toBe('unresponsive');
    let served: unknown;
    const next = child.call('echo', 'served').then((value) => (served = value));
    await settle();
    expect(served).toBeUndefined();
    await clock.advanceAsync(400);
    expect(await next).toBe('served');
    expect(host.children).toHaveLength(2);
  });

  it('is kept when the thread still answers after an elapsed limit', async () => {
    const { child, clock, host } = await started();
    const timedOut = outcome(child.call('hang', null, { timeoutMs: 150 }));
    await clock.advanceAsync(10_000);
    expect((await timedOut).code).toBe('call-timeout');
    expect(host.children).toHaveLength(1);
    expect(child.status).toBe('ready');
  });

  it('is restarted after three elapsed limits in a row even though it answers', async () => {
    const { child, clock, host } = await started();
    for (let i = 0; i < 3; i++) {
      const timedOut = outcome(child.call('hang', null, { timeoutMs: 150 }));
      await clock.advanceAsync(150);
      await timedOut;
    }
    await clock.advanceAsync(10);
    expect(host.children).toHaveLength(2);
    expect(child.status).toBe('ready');
  });

  it('is not restarted when calls in between succeed', async () => {
    const { child, clock, host } = await started();
    for (let i = 0; i < 6; i++) {
      const timedOut = outcome(child.call('hang', null, { timeoutMs: 150 }));
      await clock.advanceAsync(150);
      await timedOut;
      await child.call('echo', i);
    }
    expect(host.children).toHaveLength(1);
  });

  it('has its calls limited even when they name no limit', async () => {
    const { child, clock } = await started();
    const call = outcome(child.call('hang', null, { timeoutMs: undefined }));
    await clock.advanceAsync(5000);
    expect((await call).code).toBe('call-timeout');
  });
});

describe('calls to a child that is not there yet', () => {
  it('wait for it and are then served in order', async () => {
    const order: unknown[] = [];
    const { child, host } = supervised({ calls: { note: async (params) => order.push(params) } });
    host.onStart = () => {};
    const start = child.start();
    const calls = [child.call('note', 1), child.call('note', 2), child.call('note', 3)];
    await settle();
    host.last.ready();
    await Promise.all([start, ...calls]);
    expect(order).toEqual([1, 2, 3]);
  });

  it('wait no longer than the start limit', async () => {
    const { child, clock, host } = supervised();
    host.onStart = () => {};
    child.start().catch(() => {});
    await clock.advanceAsync(500);
    const call = outcome(child.call('echo', 1));
    await clock.advanceAsync(1000);
    expect((await call).code).toBe('child-start-timeout');
  });

  it('stop waiting when their signal aborts', async () => {
    const { child, clock, host } = supervised();
    host.onStart = () => {};
    child.start().catch(() => {});
    await settle();
    const controller = new AbortController();
    const call = outcome(child.call('echo', 1, { signal: controller.signal }));
    await settle();
    const timers = clock.pendingCount;
    controller.abort();
    expect((await call).code).toBe('cancelled');
    expect(clock.pendingCount).toBe(timers - 1);
  });

  it('are refused beyond the number that may wait', async () => {
    const { child, host } = supervised();
    host.onStart = () => {};
    child.start().catch(() => {});
    const waiting = [1, 2, 3, 4].map((n) => child.call('echo', n));
    expect((await outcome(child.call('echo', 5))).code).toBe('child-unresponsive');
    await settle();
    host.last.ready();
    expect(await Promise.all(waiting)).toEqual([1, 2, 3, 4]);
  });

  it('are rejected at once when it was never started', async () => {
    const { child } = supervised();
    expect((await outcome(child.call('echo', 1))).code).toBe('cancelled');
  });
});

describe('notifications', () => {
  it('are dropped when the child is not there', async () => {
    const heard: unknown[] = [];
    const { child, clock, host } = await started({ notifications: { push: (params) => heard.push(params) } });
    child.notify('push', 1);
    await settle();
    crash(host.last);
    child.notify('push', 2);
    await clock.advanceAsync(10);
    child.notify('push', 3);
    await settle();
    expect(heard).toEqual([1, 3]);
  });

  it('are heard from every process that the child ever is, also while it loads', async () => {
    const { child, clock, host } = supervised();
    const heard: unknown[] = [];
    const off = child.onNotify('level', (params) => heard.push(params));
    host.onStart = (started) => {
      started.peer.notify('level', `loading ${host.children.length}`);
      started.ready();
    };
    await child.start();
    crash(host.last);
    await clock.advanceAsync(10);
    child.onNotify('other', (params) => heard.push(params));
    host.last.peer.notify('other', 'late listener');
    await settle();
    off();
    host.last.peer.notify('level', 'unheard');
    await settle();
    expect(heard).toEqual(['loading 1', 'loading 2', 'late listener']);
  });
});

describe('stopping', () => {
  it('asks the child to leave, rejects what is pending with cancelled, and does not restart it', async () => {
    const { child, clock, host } = await started();
    const call = outcome(child.call('hang', null));
    const stopped = child.stop();
    expect(child.status).toBe('stopped');
    expect(await call).toMatchObject({ code: 'cancelled', stage: 'speak' });
    await stopped;
    expect(host.last.stopAsked).toBe(true);
    expect(host.last.killed).toBe(false);
    await clock.advanceAsync(100_000);
    expect(host.children).toHaveLength(1);
    expect(clock.pendingCount).toBe(0);
  });

  it('kills a child that does not leave in time', async () => {
    const { child, clock, host } = await started();
    host.last.leavesWhenAsked = false;
    const stopped = child.stop();
    await clock.advanceAsync(299);
    expect(host.last.killed).toBe(false);
    await clock.advanceAsync(1);
    await stopped;
    expect(host.last.killed).toBe(true);
    expect(clock.pendingCount).toBe(0);
  });

  it('ends even when the process does not die at all', async () => {
    const { child, clock, host } = await started();
    host.last.leavesWhenAsked = false;
    host.last.diesWhenKilled = false;
    const stopped = child.stop();
    await clock.advanceAsync(500);
    await stopped;
    expect(clock.pendingCount).toBe(0);
  });

  it('in the middle of starting rejects start() and waiting calls with cancelled', async () => {
    const { child, host } = supervised();
    host.onStart = () => {};
    const start = outcome(child.start());
    const call = outcome(child.call('echo', 1));
    await settle();
    await child.stop();
    expect((await start).code).toBe('cancelled');
    expect((await call).code).toBe('cancelled');
    expect(child.status).toBe('stopped');
  });

  it('in the middle of a restart leaves nothing that would start it later', async () => {
    const { child, clock, host } = await started();
    crash(host.last);
    await settle();
    expect(child.status).toBe('restarting');
    await child.stop();
    await clock.advanceAsync(100_000);
    expect(host.children).toHaveLength(1);
    expect(clock.pendingCount).toBe(0);
  });

  it('between a crash and the end of the crashed process leaves nothing either', async () => {
    const { child, clock, host } = await started();
    host.last.diesWhenKilled = false;
    host.last.answers = false;
    await clock.advanceAsync(500);
    expect(child.status).toBe('restarting');
    const stopped = child.stop();
    await clock.advanceAsync(100_000);
    await stopped;
    expect(host.children).toHaveLength(1);
  });

  it('and starting again gives a new process, after the old one has gone', async () => {
    const { child, host } = await started();
    const stopped = child.stop();
    child.configure({ voice: 'amy' });
    await child.start();
    await stopped;
    expect(host.children).toHaveLength(2);
    expect(host.last.config).toEqual({ voice: 'amy' });
    expect(await child.call('echo', 1)).toBe(1);
  });

  it('and starting again waits until the old process is gone, and starts one only, however often that is repeated', async () => {
    const { child, clock, host } = await started();
    const old = host.last;
    old.leavesWhenAsked = false;
    const stopped = [child.stop()];
    const first = child.start();
    await settle();
    stopped.push(child.stop());
    const second = child.start();
    await settle();
    expect(host.children).toHaveLength(1);
    expect(child.status).toBe('starting');
    await clock.advanceAsync(299);
    expect(host.children).toHaveLength(1);
    await clock.advanceAsync(1);
    await Promise.all([...stopped, first, second]);
    expect(host.children).toHaveLength(2);
    expect(child.status).toBe('ready');
  });

  it('while the old process is going leaves nothing that would start another', async () => {
    const { child, clock, host } = await started();
    host.last.leavesWhenAsked = false;
    const stopped = child.stop();
    const start = outcome(child.start());
    await settle();
    await Promise.all([child.stop(), stopped, clock.advanceAsync(300)]);
    expect((await start).code).toBe('cancelled');
    await clock.advanceAsync(100_000);
    expect(host.children).toHaveLength(1);
    expect(child.status).toBe('stopped');
  });

  it('twice, or before any start, is harmless', async () => {
    const { child } = supervised();
    await child.stop();
    await child.start();
    await Promise.all([child.stop(), child.stop()]);
    expect(child.status).toBe('stopped');
  });
});
