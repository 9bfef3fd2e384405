import { describe, expect, it } from 'vitest';
import { ParleyError } from '../../../main/contract/errors.ts';
import { deferred } from '../../../main/lib/deferred.ts';
import { linkedPair, type MessageLink } from '../../../main/children/message-link.ts';
import { RpcPeer, STREAM_WINDOW_ITEMS, type RpcContext, type RpcHandlers } from '../../../main/children/rpc-peer.ts';
import { FakeClock, settle } from '../../fakes/fake-clock.ts';

function peers(handlers: RpcHandlers = {}, options: { isCancelled?: (id: number) => boolean } = {}) {
  const [left, right] = linkedPair();
  const clock = new FakeClock();
  const client = new RpcPeer(left, { stage: 'think', clock });
  const server = new RpcPeer(right, { stage: 'think', clock, handlers, ...options });
  return { client, server, clock, left, right };
}

/** A peer whose other end is written by hand. */
function bareClient(): { client: RpcPeer; far: MessageLink; sent: Record<string, unknown>[]; clock: FakeClock } {
  const [near, far] = linkedPair();
  const clock = new FakeClock();
  const sent: Record<string, unknown>[] = [];
  far.onMessage((message) => sent.push(message as Record<string, unknown>));
  return { client: new RpcPeer(near, { stage: 'speak', clock }), far, sent, clock };
}

async function outcome(promise: Promise<unknown>): Promise<ParleyError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof ParleyError) return error;
    throw error;
  }
  throw new Error('It was expected to reject.');
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('calls', () => {
  it('answer with what the handler returns, typed arrays included', async () => {
    const { client } = peers({
      calls: { double: async ({ pcm }: { pcm: Float32Array }) => pcm.map((sample) => sample * 2) },
    });
    expect(await client.call('double', { pcm: new Float32Array([0.25, 0.5]) })).toEqual(new Float32Array([0.5, 1]));
    expect(client.pendingCount).toBe(0);
  });

  it('settle each with its own answer when they finish out of order', async () => {
    const first = deferred<string>();
    const { client } = peers({ calls: { slow: () => first.promise, quick: async () => 'quick' } });
    const slow = client.call('slow', null);
    expect(await client.call('quick', null)).toBe('quick');
    first.resolve('slow');
    expect(await slow).toBe('slow');
  });

  it('reject with the code, stage, detail and retryability that the handler threw', async () => {
    const { client } = peers({
      calls: {
        fail: async () => {
          throw new ParleyError({ code: 'model-missing', stage: 'listen', retryable: true, detail: 'moonshine' });
        },
      },
    });
    const error = await outcome(client.call('fail', null));
    expect(error.serialise()).toMatchObject({
      code: 'model-missing',
      stage: 'listen',
      retryable: true,
      detail: 'moonshine',
    });
  });

  it('reject with engine-failed and the server stage when the handler threw anything else', async () => {
    const { client } = peers({
      calls: {
        fail: () => {
          throw new TypeError('wrong shape');
        },
      },
    });
    const error = await outcome(client.call('fail', null));
    expect(error).toMatchObject({ code: 'engine-failed', stage: 'think', message: 'wrong shape' });
  });

  it.each(['nothing', 'constructor', '__proto__'])('reject for the method "%s" that nobody serves', async (method) => {
    const { client } = peers({ calls: {} });
    expect(await outcome(client.call(method, null))).toMatchObject({ code: 'internal', detail: method });
  });

  it('reject when the result cannot be cloned, rather than leave the caller waiting', async () => {
    const { client } = peers({ calls: { broken: async () => () => 1 } });
    expect((await outcome(client.call('broken', null))).code).toBe('engine-failed');
  });

  it('reject with internal when the params cannot be cloned, and leave nothing pending', async () => {
    const { client } = peers({ calls: {} });
    expect((await outcome(client.call('any', () => 1))).code).toBe('internal');
    expect(client.pendingCount).toBe(0);
  });

  it('reject with call-timeout at their deadline, abort the work with the same code, and drop the late result', async () => {
    const result = deferred<string>();
    let context: RpcContext | undefined;
    const { client, clock } = peers({
      calls: {
        slow: (_params, given) => {
          context = given;
          return result.promise;
        },
      },
    });
    const rejected = outcome(client.call('slow', null, { timeoutMs: 100 }));
    await clock.advanceAsync(99);
    expect(client.pendingCount).toBe(1);
    await clock.advanceAsync(1);
    expect(await rejected).toMatchObject({ code: 'call-timeout', stage: 'think', retryable: true, detail: 'slow' });
    expect(context?.signal.reason).toMatchObject({ code: 'call-timeout' });
    result.resolve('too late');
    await settle();
    expect(client.pendingCount).toBe(0);
  });

  it('leave no timer behind when they are answered', async () => {
    const { client, clock } = peers({ calls: { quick: async () => 1 } });
    await client.call('quick', null, { timeoutMs: 1000 });
    expect(clock.pendingCount).toBe(0);
  });

  it('are not sent when the signal has aborted before', async () => {
    const { client, sent } = bareClient();
    expect((await outcome(client.call('any', null, { signal: AbortSignal.abort() }))).code).toBe('cancelled');
    await settle();
    expect(sent).toEqual([]);
  });

  it('reject with the typed reason of their signal and abort the work', async () => {
    let context: RpcContext | undefined;
    const { client, server } = peers({
      calls: {
        slow: (_params, given) => {
          context = given;
          return new Promise((_resolve, reject) => {
            given.signal.addEventListener('abort', () => reject(given.signal.reason as Error));
          });
        },
      },
    });
    const controller = new AbortController();
    const rejected = outcome(client.call('slow', null, { signal: controller.signal }));
    await settle();
    expect(context?.isCancelled()).toBe(false);
    const reason = new ParleyError({ code: 'queue-closed', stage: 'app' });
    controller.abort(reason);
    expect(await rejected).toBe(reason);
    await settle();
    expect(context?.signal.reason).toMatchObject({ code: 'queue-closed' });
    expect(context?.isCancelled()).toBe(true);
    expect(server.servedCount).toBe(0);
  });

  it('see a shared cancel flag before the cancel message has arrived', async () => {
    const cancelled = new Set<number>();
    let context: RpcContext | undefined;
    const { client } = peers(
      {
        calls: {
          loop: (_params, given) => {
            context = given;
            return new Promise(() => {});
          },
        },
      },
      { isCancelled: (id) => cancelled.has(id) },
    );
    void client.call('loop', null).catch(() => {});
    await settle();
    cancelled.add(1);
    expect(context?.signal.aborted).toBe(false);
    expect(context?.isCancelled()).toBe(true);
  });
});

describe('streams', () => {
  it('deliver every item in order and then end', async () => {
    const { client } = peers({
      streams: {
        count: async function* ({ to }: { to: number }) {
          for (let i = 0; i < to; i++) yield i;
        },
      },
    });
    const items = await collect(client.stream<number>('count', { to: 200 }));
    expect(items).toEqual(Array.from({ length: 200 }, (_unused, index) => index));
    expect(client.pendingCount).toBe(0);
  });

  it('do not begin before the first item is asked for', async () => {
    const { client, sent } = bareClient();
    client.stream('any', null);
    await settle();
    expect(sent).toEqual([]);
  });

  it('hold the producer at one window when the reader is slow, and let it on as items are read', async () => {
    let produced = 0;
    const { client } = peers({
      streams: {
        flood: async function* () {
          for (;;) yield produced++;
        },
      },
    });
    const reader = client.stream<number>('flood', null)[Symbol.asyncIterator]();
    await reader.next();
    await settle(10);
    // One more than the credit: the producer computes an item before it waits for credit.
    expect(produced).toBe(STREAM_WINDOW_ITEMS + 1);
    for (let i = 1; i < STREAM_WINDOW_ITEMS / 2; i++) await reader.next();
    await settle(10);
    expect(produced).toBe(STREAM_WINDOW_ITEMS + STREAM_WINDOW_ITEMS / 2 + 1);
    await reader.return?.();
  });

  it('fail when the other end sends more than its credit', async () => {
    const { client, far, sent } = bareClient();
    const reader = client.stream('flood', null)[Symbol.asyncIterator]();
    const first = reader.next();
    await settle();
    far.post({ type: 'item', id: sent[0]!['id'], value: 0 });
    await first;
    for (let i = 0; i <= STREAM_WINDOW_ITEMS; i++) far.post({ type: 'item', id: sent[0]!['id'], value: i });
    await settle();
    expect((await outcome(reader.next())).code).toBe('internal');
  });

  it('deliver what came before an error, then the error', async () => {
    const { client } = peers({
      streams: {
        some: async function* () {
          yield 'a';
          yield 'b';
          throw new ParleyError({ code: 'prompt-too-long', stage: 'think' });
        },
      },
    });
    const seen: string[] = [];
    const rejected = outcome(
      (async () => {
        for await (const item of client.stream<string>('some', null)) seen.push(item);
      })(),
    );
    expect((await rejected).code).toBe('prompt-too-long');
    expect(seen).toEqual(['a', 'b']);
  });

  it('cancel the work and let the producer clean up when the reader leaves early', async () => {
    let cleanedUp = false;
    let signal: AbortSignal | undefined;
    const { client, server } = peers({
      streams: {
        endless: async function* (_params, context) {
          signal = context.signal;
          try {
            for (;;) yield 1;
          } finally {
            cleanedUp = true;
          }
        },
      },
    });
    for await (const item of client.stream('endless', null)) if (item) break;
    await settle();
    expect(signal?.reason).toMatchObject({ code: 'cancelled' });
    expect(cleanedUp).toBe(true);
    expect(server.servedCount).toBe(0);
    expect(client.pendingCount).toBe(0);
  });

  it('throw at once on abort, dropping items that were received, even if the producer is stuck', async () => {
    const { client, server } = peers({
      streams: {
        stuck: async function* () {
          yield 1;
          yield 2;
          await new Promise(() => {});
        },
      },
    });
    const controller = new AbortController();
    const reader = client.stream('stuck', null, { signal: controller.signal })[Symbol.asyncIterator]();
    await reader.next();
    await settle();
    controller.abort();
    expect((await outcome(reader.next())).code).toBe('cancelled');
    await settle();
    expect(server.servedCount).toBe(0);
  });

  it('reject with call-timeout when the next item does not come in time, but not while nobody asks for one', async () => {
    const { client, clock } = peers({
      streams: {
        one: async function* () {
          yield 1;
          await new Promise(() => {});
        },
      },
    });
    const reader = client.stream('one', null, { timeoutMs: 100 })[Symbol.asyncIterator]();
    await reader.next();
    await clock.advanceAsync(1000);
    const next = outcome(reader.next() as Promise<unknown>);
    await clock.advanceAsync(100);
    expect((await next).code).toBe('call-timeout');
    expect(clock.pendingCount).toBe(0);
  });
});

describe('notifications', () => {
  it('reach handlers and listeners until these are taken off', async () => {
    const heard: unknown[] = [];
    const { client, server } = peers({ notifications: { level: (params) => heard.push(params) } });
    const off = server.onNotify('level', (params) => heard.push({ listener: params }));
    client.notify('level', 1);
    await settle();
    off();
    client.notify('level', 2);
    await settle();
    expect(heard).toEqual([1, { listener: 1 }, 2]);
  });

  it('count as unheard when nobody listens', async () => {
    const { client, server } = peers();
    client.notify('nobody', 1);
    await settle();
    expect(server.counts.unheard).toBe(1);
  });
});

describe('the line', () => {
  it('rejects every pending call and stream with child-exited when it closes, and aborts what is being served', async () => {
    let signal: AbortSignal | undefined;
    const { client, server, right } = peers({
      calls: {
        slow: (_params, context) => {
          signal = context.signal;
          return new Promise(() => {});
        },
      },
      streams: {
        slow: async function* () {
          await new Promise(() => {});
          yield 1;
        },
      },
    });
    const pending = [
      outcome(client.call('slow', null)),
      outcome(client.call('slow', null)),
      outcome(collect(client.stream('slow', null))),
    ];
    await settle();
    expect(client.pendingCount).toBe(3);
    right.close();
    for (const error of await Promise.all(pending))
      expect(error).toMatchObject({ code: 'child-exited', stage: 'think' });
    expect(client.pendingCount).toBe(0);
    expect(signal?.aborted).toBe(true);
    expect((await outcome(client.call('slow', null))).code).toBe('child-exited');
    expect((await outcome(collect(client.stream('slow', null)))).code).toBe('child-exited');
    expect(() => server.notify('any', 1)).not.toThrow();
  });

  it('settles with the reason it was closed with', async () => {
    const { client } = bareClient();
    const rejected = outcome(client.call('any', null));
    const reason = new ParleyError({ code: 'child-unresponsive', stage: 'speak' });
    client.close(reason);
    expect(await rejected).toBe(reason);
  });

  it('ignores and counts messages that are not understood', async () => {
    const { client, far } = bareClient();
    const nonsense = [
      null,
      7,
      'text',
      {},
      { type: 'result' },
      { type: 'result', id: 'one' },
      { type: 'error', id: 1, error: { code: 'no-such-code' } },
      { type: 'stream', id: 1, method: 'x', credit: 0 },
      { type: 'shout', id: 1 },
    ];
    for (const message of nonsense) far.post(message);
    await settle();
    expect(client.counts.malformed).toBe(nonsense.length);
  });

  it('drops and counts answers to requests that were given up or never made', async () => {
    const { client, far } = bareClient();
    far.post({ type: 'result', id: 99, value: 1 });
    far.post({ type: 'item', id: 99, value: 1 });
    far.post({ type: 'end', id: 99 });
    await settle();
    expect(client.counts.late).toBe(3);
  });
});

it('both ends can ask at the same time without mixing up their requests', async () => {
  const [left, right] = linkedPair();
  const one = new RpcPeer(left, { stage: 'app', handlers: { calls: { who: async () => 'one' } } });
  const two = new RpcPeer(right, { stage: 'think', handlers: { calls: { who: async () => 'two' } } });
  expect(await Promise.all([one.call('who', null), two.call('who', null)])).toEqual(['two', 'one']);
});
