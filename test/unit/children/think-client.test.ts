import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { linkedPair } from '../../../main/children/message-link.ts';
import { RpcPeer } from '../../../main/children/rpc-peer.ts';
import { ThinkClient } from '../../../main/children/think-client.ts';
import { serveLlm } from '../../../main/children/think-service.ts';
import { deferred } from '../../../main/lib/deferred.ts';
import type { CallOptions } from '../../../main/ports/call-options.ts';
import type { ChatMessage, LlmRequest } from '../../../main/ports/llm.ts';
import { FakeClock, settle } from '../../fakes/fake-clock.ts';
import { FakeLlm } from '../../fakes/fake-llm.ts';

const request: LlmRequest = { messages: [{ role: 'user', content: 'Hello there' }] };

/** Keeps every preload going until its signal aborts, and counts them. */
class SlowPreloadLlm extends FakeLlm {
  readonly signals: AbortSignal[] = [];

  override async preload(messages: ChatMessage[], options: CallOptions = {}): Promise<void> {
    this.preloads.push(messages);
    this.signals.push(options.signal!);
    const aborted = deferred<void>();
    options.signal!.addEventListener('abort', () => aborted.resolve());
    await aborted.promise;
  }
}

let clock: FakeClock;
let engine: SlowPreloadLlm;
let client: ThinkClient;
let child: RpcPeer;

beforeEach(() => {
  clock = new FakeClock();
  engine = new SlowPreloadLlm();
  const [appEnd, childEnd] = linkedPair();
  child = new RpcPeer(childEnd, { stage: 'think', handlers: serveLlm(engine), clock });
  client = new ThinkClient({ rpc: new RpcPeer(appEnd, { stage: 'think', clock }), clock });
});
afterEach(async () => {
  await client.close();
  child.close();
  await engine.close();
});

describe('the client of the think child', () => {
  test('waits 30 s for the first piece and then stops the child', async () => {
    engine.holdNext(0);
    const first = client.generate(request).next();
    const failed = expect(first).rejects.toMatchObject({ code: 'call-timeout', stage: 'think' });
    await clock.advanceAsync(29_999);
    expect(child.servedCount).toBe(1);
    await clock.advanceAsync(1);
    await failed;
    expect(child.servedCount).toBe(0);
  });

  test('says what the model says of a sentence, and ends a preload for it', async () => {
    void client.preload(request.messages);
    await settle();
    expect(await client.sentenceEnd([{ role: 'user', content: 'I would like to' }])).toBe(0);
    expect(await client.sentenceEnd([{ role: 'user', content: 'I like it' }])).toBe(0.5);
    expect(engine.signals[0]!.aborted).toBe(true);
  });

  test('waits 10 s for every other piece', async () => {
    engine.holdNext(2);
    const pieces = client.generate(request);
    expect([(await pieces.next()).value, (await pieces.next()).value]).toEqual(['You', ' said:']);
    const failed = expect(pieces.next()).rejects.toMatchObject({ code: 'call-timeout' });
    await clock.advanceAsync(10_000);
    await failed;
  });

  test('does not count the time that the reader takes', async () => {
    const pieces = client.generate(request);
    await pieces.next();
    await clock.advanceAsync(60_000);
    expect((await pieces.next()).value).toBe(' said:');
    await pieces.return();
    expect(clock.pendingCount).toBe(0);
  });

  test('a newer preload stops an older one, which resolves', async () => {
    const first = client.preload([{ role: 'user', content: 'What' }]);
    await settle();
    const second = client.preload([{ role: 'user', content: 'What is' }]);
    await first;
    await settle();
    expect(engine.signals.map((signal) => signal.aborted)).toEqual([true, false]);
    void second.catch(() => {});
  });

  test('an answer stops a preload, which resolves', async () => {
    const preloading = client.preload([{ role: 'user', content: 'What' }]);
    await settle();
    for await (const _piece of client.generate(request));
    await preloading;
    expect(engine.signals[0]!.aborted).toBe(true);
  });

  test('a preload that takes 30 s is call-timeout', async () => {
    const failed = expect(client.preload(request.messages)).rejects.toMatchObject({ code: 'call-timeout' });
    await clock.advanceAsync(30_000);
    await failed;
  });

  test('a child that goes away fails the answer with the reason', async () => {
    engine.holdNext(1);
    const pieces = client.generate(request);
    await pieces.next();
    const failed = expect(pieces.next()).rejects.toMatchObject({ code: 'child-exited' });
    child.close();
    await failed;
  });
});
