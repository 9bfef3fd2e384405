import { beforeEach, describe, expect, it } from 'vitest';
import { deferred } from '../../../main/lib/deferred.ts';
import { OrderlyShutdown } from '../../../main/platform/orderly-shutdown.ts';
import { FakeClock, settle } from '../../fakes/fake-clock.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';

let clock: FakeClock;
let logger: RecordingLogger;
let shutdown: OrderlyShutdown;
let closed: string[];
const close = (name: string) => async () => void closed.push(name);

beforeEach(() => {
  clock = new FakeClock();
  logger = new RecordingLogger();
  shutdown = new OrderlyShutdown({ clock, logger });
  closed = [];
});

describe('OrderlyShutdown', () => {
  it('closes what was opened last first, and waits for each', async () => {
    const slow = deferred<void>();
    shutdown.add('app', close('app'));
    shutdown.add('server', () => slow.promise.then(close('server')));
    const done = shutdown.run();
    await settle();
    expect(closed).toEqual([]);
    slow.resolve();
    expect(await done).toBe(true);
    expect(closed).toEqual(['server', 'app']);
    expect(clock.pendingCount).toBe(0);
  });

  it('goes on after a step that fails', async () => {
    shutdown.add('app', close('app'));
    shutdown.add('server', () => Promise.reject(new Error('x')));
    expect(await shutdown.run()).toBe(true);
    expect(closed).toEqual(['app']);
    expect(logger.records[0]).toMatchObject({ level: 'error', fields: { part: 'server' } });
  });

  it('gives up after five seconds and names what is still open', async () => {
    shutdown.add('app', close('app'));
    shutdown.add('server', () => new Promise(() => {}));
    const done = shutdown.run();
    await clock.advanceAsync(5000);
    expect(await done).toBe(false);
    expect(logger.records[0]!.fields).toEqual({ waiting: ['app', 'server'] });
  });

  it('runs once, however often it is asked', async () => {
    shutdown.add('app', close('app'));
    await Promise.all([shutdown.run(), shutdown.run()]);
    await shutdown.run();
    expect(closed).toEqual(['app']);
  });

  it('closes at once what is opened after it has begun', async () => {
    await shutdown.run();
    shutdown.add('late', close('late'));
    await settle();
    expect(closed).toEqual(['late']);
  });
});
