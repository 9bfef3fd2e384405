import { describe, expect, test } from 'vitest';
import { deferred } from '../../../main/lib/deferred.ts';
import { SerialQueue } from '../../../main/lib/serial-queue.ts';
import { untilAborted } from '../../../main/lib/until-aborted.ts';
import { settle } from '../../fakes/fake-clock.ts';

describe('serial queue', () => {
  test('runs one task at a time, in the order asked', async () => {
    const queue = new SerialQueue('listen');
    const first = deferred<void>();
    const began: number[] = [];
    const results = [
      queue.run(async () => {
        began.push(1);
        await first.promise;
        return 'a';
      }),
      queue.run(async () => {
        began.push(2);
        return 'b';
      }),
    ];
    await settle();
    expect(began).toEqual([1]);
    first.resolve();
    expect(await Promise.all(results)).toEqual(['a', 'b']);
  });

  test('goes on after a task that failed', async () => {
    const queue = new SerialQueue('listen');
    const failed = queue.run(() => Promise.reject(new Error('broken')));
    const next = queue.run(async () => 1);
    await expect(failed).rejects.toThrow('broken');
    expect(await next).toBe(1);
  });

  test('never runs a task whose signal aborts while it waits, and says so at once', async () => {
    const queue = new SerialQueue('listen');
    const first = deferred<void>();
    void queue.run(() => first.promise);
    const abort = new AbortController();
    let ran = false;
    const waiting = queue.run(async () => (ran = true), abort.signal);
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled', stage: 'listen' });
    first.resolve();
    await queue.close();
    expect(ran).toBe(false);
  });

  test('close waits for the running task and refuses the waiting and the new', async () => {
    const queue = new SerialQueue('listen');
    const first = deferred<string>();
    const running = queue.run(() => first.promise);
    const waiting = queue.run(async () => 'never');
    await settle();
    let closed = false;
    const closing = queue.close().then(() => (closed = true));
    await settle();
    expect(closed).toBe(false);
    first.resolve('done');
    await expect(waiting).rejects.toMatchObject({ code: 'queue-closed' });
    expect(await running).toBe('done');
    await closing;
    await queue.close();
    await expect(queue.run(async () => 1)).rejects.toMatchObject({ code: 'queue-closed' });
  });
});

describe('until aborted', () => {
  test('gives the outcome of the promise, or the reason of the abort when that is first', async () => {
    const abort = new AbortController();
    expect(await untilAborted(Promise.resolve(1), abort.signal, 'listen')).toBe(1);
    const never = untilAborted(new Promise(() => {}), abort.signal, 'listen');
    abort.abort();
    await expect(never).rejects.toMatchObject({ code: 'cancelled', stage: 'listen' });
    await expect(untilAborted(new Promise(() => {}), abort.signal, 'listen')).rejects.toMatchObject({
      code: 'cancelled',
    });
  });
});
