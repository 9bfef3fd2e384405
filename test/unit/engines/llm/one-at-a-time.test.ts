import { describe, expect, test } from 'vitest';
import { OneAtATime } from '../../../../main/engines/llm/one-at-a-time.ts';
import { throwIfAborted } from '../../../../main/lib/abort.ts';
import { deferred } from '../../../../main/lib/deferred.ts';

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('one piece of work at a time', () => {
  test('work begins when the work before it is done', async () => {
    const engine = new OneAtATime('think');
    const first = deferred<void>();
    const log: string[] = [];
    const runs = [
      engine.run(async () => {
        log.push('first begins');
        await first.promise;
        log.push('first ends');
      }),
      engine.run(async () => void log.push('second begins')),
    ];
    await Promise.resolve();
    first.resolve();
    await Promise.all(runs);
    expect(log).toEqual(['first begins', 'first ends', 'second begins']);
  });

  test('work whose signal aborts while it waits never begins', async () => {
    const engine = new OneAtATime('think');
    const first = deferred<void>();
    const abort = new AbortController();
    let begun = false;
    const running = engine.run(() => first.promise);
    const waiting = engine.run(async () => void (begun = true), { signal: abort.signal });
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled', stage: 'think' });
    first.resolve();
    await running;
    await engine.run(async () => {});
    expect(begun).toBe(false);
  });

  test('the work after a failed one begins', async () => {
    const engine = new OneAtATime('think');
    await expect(engine.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await engine.run(async () => 'yes')).toBe('yes');
  });

  test('a stream gives its items and then the error of its work', async () => {
    const engine = new OneAtATime('think');
    const seen: number[] = [];
    const reading = (async () => {
      const items = engine.stream<number>(async (emit) => {
        await emit(1);
        await emit(2);
        throw new Error('broke');
      });
      for await (const item of items) seen.push(item);
    })();
    await expect(reading).rejects.toThrow('broke');
    expect(seen).toEqual([1, 2]);
  });

  test('items made before an abort are not delivered after it', async () => {
    const engine = new OneAtATime('think');
    const abort = new AbortController();
    const made = deferred<void>();
    const items = engine.stream<number>(
      async (emit) => {
        for (let item = 0; item < 10; item++) await emit(item);
        made.resolve();
      },
      { signal: abort.signal },
    );
    expect((await items.next()).value).toBe(0);
    await made.promise;
    abort.abort();
    await expect(items.next()).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('leaving a stream early aborts its work and waits for its end', async () => {
    const engine = new OneAtATime('think');
    const log: string[] = [];
    for await (const item of engine.stream<number>(async (emit, signal) => {
      for (let next = 0; !signal.aborted; next++) await emit(next);
      log.push('ended');
    })) {
      log.push(`item ${item}`);
      break;
    }
    log.push('left');
    expect(log).toEqual(['item 0', 'ended', 'left']);
  });

  test('work that makes more than a reader takes waits for it', async () => {
    const engine = new OneAtATime('think');
    let made = 0;
    const items = engine.stream<number>(async (emit, signal) => {
      while (made < 1000) {
        throwIfAborted(signal, 'think');
        await emit(made++);
      }
    });
    await items.next();
    await new Promise((resolve) => setImmediate(resolve));
    expect(made).toBeLessThan(300);
    expect((await collect(items)).at(-1)).toBe(999);
  });

  test('close ends a stream whose reader has stopped reading', async () => {
    const engine = new OneAtATime('think');
    const items = engine.stream<number>(async (emit, signal) => {
      for (let item = 0; !signal.aborted; item++) await emit(item);
      throwIfAborted(signal, 'think');
    });
    await items.next();
    // Until the work waits because the reader is too far behind.
    await new Promise((resolve) => setImmediate(resolve));
    await engine.close();
    await expect(items.next()).rejects.toMatchObject({ code: 'queue-closed' });
  });

  test('close waits until the running work has ended', async () => {
    const engine = new OneAtATime('think');
    const native = deferred<void>();
    const log: string[] = [];
    const running = engine.run(async () => {
      await native.promise;
      log.push('work ended');
    });
    await Promise.resolve();
    const closing = engine.close().then(() => log.push('closed'));
    native.resolve();
    await Promise.all([running, closing]);
    expect(log).toEqual(['work ended', 'closed']);
  });
});
