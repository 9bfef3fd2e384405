import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ParleyError } from '../../../../main/contract/errors.ts';
import { OpenAiCompatibleLlm } from '../../../../main/engines/llm/openai-compatible.ts';
import type { LlmRequest } from '../../../../main/ports/llm.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';
import { FakeOpenAiServer } from '../../../fakes/fake-openai-server.ts';

const KEY = 'sk-very-secret';
const SPEECH = 'my password is swordfish';

let server: FakeOpenAiServer;
let clock: FakeClock;
let llm: OpenAiCompatibleLlm;

beforeEach(async () => {
  server = await FakeOpenAiServer.start();
  clock = new FakeClock();
  llm = new OpenAiCompatibleLlm({ baseUrl: server.baseUrl, model: 'tiny', apiKey: KEY, clock });
});
afterEach(async () => {
  await llm.close();
  await server.stop();
});

const request: LlmRequest = { messages: [{ role: 'user', content: SPEECH }] };

/** Reads to the end and returns what was said and how it failed. */
async function listen(signal?: AbortSignal): Promise<{ said: string; error: ParleyError | undefined }> {
  let said = '';
  try {
    for await (const piece of llm.generate(request, { signal })) said += piece;
    return { said, error: undefined };
  } catch (error) {
    return { said, error: error as ParleyError };
  }
}

describe('an OpenAI-compatible endpoint', () => {
  test('is asked for a stream with the model, the key and the limits', async () => {
    for await (const _piece of llm.generate({ ...request, maxTokens: 7, temperature: 0.5, seed: 3 }));
    expect(server.requests).toMatchObject([
      {
        path: '/v1/chat/completions',
        authorization: `Bearer ${KEY}`,
        body: { model: 'tiny', messages: request.messages, stream: true, max_tokens: 7, temperature: 0.5, seed: 3 },
      },
    ]);
  });

  test('on this machine it computes the words so far by one token, with the tools that are part of the prompt', async () => {
    const tools = [{ name: 'look_up', description: 'Looks up.', parameters: { type: 'object', properties: {} } }];
    await llm.preload(request.messages, { tools });
    expect(server.requests).toMatchObject([
      { body: { messages: request.messages, max_tokens: 1, tools: [{ function: { name: 'look_up' } }] } },
    ]);
    await llm.preload([{ role: 'system', content: 'Be brief.' }]);
    clock.advance(1000);
    await llm.preload([{ role: 'user', content: '' }]);
    expect(server.requests).toHaveLength(1);
  });

  test('an answer does not wait behind words that are computed ahead', async () => {
    server.behaviour = { type: 'stall', afterPieces: 0 };
    const abandoned = server.nextAbandoned();
    const arrived = server.nextRequest();
    const preloading = llm.preload(request.messages);
    await arrived;
    server.behaviour = { type: 'answer' };
    expect((await listen()).error).toBeUndefined();
    await abandoned;
    await preloading;
  });

  test('gets no key of another service out of the environment', async () => {
    vi.stubEnv('OPENAI_API_KEY', 'sk-of-another-service');
    const keyless = new OpenAiCompatibleLlm({ baseUrl: server.baseUrl, model: 'tiny', clock });
    for await (const _piece of keyless.generate(request));
    await keyless.close();
    vi.unstubAllEnvs();
    expect(server.requests[0]!.authorization).toBe('Bearer none');
  });

  test.each([
    [400, 'endpoint-refused', false],
    [401, 'endpoint-refused', false],
    [403, 'endpoint-refused', false],
    [404, 'endpoint-refused', false],
    [408, 'call-timeout', true],
    [429, 'endpoint-rate-limited', true],
    [500, 'engine-failed', true],
    [503, 'engine-failed', true],
  ])('status %i is %s and asked only once', async (status, code, retryable) => {
    server.behaviour = { type: 'status', status, body: { error: { message: `${KEY} said ${SPEECH}` } } };
    const { error } = await listen();
    expect(error).toMatchObject({ code, stage: 'think', retryable });
    expect(error!.detail).toContain(`status ${status}`);
    expect(server.requests).toHaveLength(1);
  });

  test.each([
    ['cut', 'endpoint-unreachable'],
    ['malformed-json', 'engine-failed'],
    ['error-event', 'engine-failed'],
  ] as const)('a stream that ends in %s gives what came before, then %s', async (type, code) => {
    server.behaviour = { type, afterPieces: 2 };
    const { said, error } = await listen();
    expect(said).toBe('You said:');
    expect(error).toMatchObject({ code });
  });

  test('an error never carries the key or what was said, nor is either printed', async () => {
    const printed: unknown[] = [];
    for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
      vi.spyOn(console, method).mockImplementation((...values: unknown[]) => void printed.push(values));
    }
    const body = { error: { message: `${KEY} said ${SPEECH}` } };
    const ways = [
      { type: 'status', status: 401, body },
      { type: 'status', status: 500, body },
      { type: 'malformed-json', afterPieces: 3 },
      { type: 'cut', afterPieces: 3 },
    ] as const;
    for (const behaviour of ways) {
      server.behaviour = behaviour;
      const { error } = await listen();
      const told = JSON.stringify(error!.serialise()) + String(error!.cause);
      expect(told).not.toContain(KEY);
      expect(told).not.toContain('swordfish');
    }
    vi.restoreAllMocks();
    expect(printed).toEqual([]);
  });

  test('nobody listening is endpoint-unreachable', async () => {
    await server.stop();
    expect((await listen()).error).toMatchObject({ code: 'endpoint-unreachable', retryable: true });
    server = await FakeOpenAiServer.start();
  });

  test('an address that is none is bad input', () => {
    const open = (baseUrl: string) => () => new OpenAiCompatibleLlm({ baseUrl, model: 'tiny', clock });
    expect(open('not an address')).toThrow(expect.objectContaining({ code: 'bad-input' }));
    expect(open('file:///etc/passwd')).toThrow(expect.objectContaining({ code: 'bad-input' }));
  });

  test('no first word within 30 s is call-timeout and closes the connection', async () => {
    server.behaviour = { type: 'slow-first-byte' };
    const asked = server.nextRequest();
    const abandoned = server.nextAbandoned();
    const listening = listen();
    await asked;
    await clock.advanceAsync(30_000);
    expect(await listening).toMatchObject({ said: '', error: { code: 'call-timeout', retryable: true } });
    await abandoned;
    server.release();
  });

  test('a first word that comes late but in time is heard', async () => {
    server.behaviour = { type: 'slow-first-byte' };
    const asked = server.nextRequest();
    const listening = listen();
    await asked;
    await clock.advanceAsync(29_000);
    server.release();
    expect(await listening).toMatchObject({ said: `You said: ${SPEECH}`, error: undefined });
    expect(clock.pendingCount).toBe(0);
  });

  test('10 s of silence in mid-answer is call-timeout and closes the connection', async () => {
    server.behaviour = { type: 'stall', afterPieces: 2 };
    const abandoned = server.nextAbandoned();
    const pieces = llm.generate(request)[Symbol.asyncIterator]();
    await pieces.next();
    await pieces.next();
    const rest = expect(pieces.next()).rejects.toMatchObject({ code: 'call-timeout' });
    await clock.advanceAsync(10_000);
    await rest;
    await abandoned;
  });

  test('an abort closes the connection', async () => {
    server.behaviour = { type: 'stall', afterPieces: 1 };
    const abandoned = server.nextAbandoned();
    const abort = new AbortController();
    const pieces = llm.generate(request, { signal: abort.signal })[Symbol.asyncIterator]();
    await pieces.next();
    abort.abort();
    await expect(pieces.next()).rejects.toMatchObject({ code: 'cancelled' });
    await abandoned;
  });

  test('leaving the loop early closes the connection', async () => {
    server.behaviour = { type: 'stall', afterPieces: 1 };
    const abandoned = server.nextAbandoned();
    for await (const piece of llm.generate(request)) {
      expect(piece).toBe('You');
      break;
    }
    await abandoned;
  });

  test('an endpoint elsewhere is asked nothing ahead: that would cost money, and send words that may never be a turn', async () => {
    const send = vi.fn(() => Promise.reject(new Error('not here')));
    vi.stubGlobal('fetch', send);
    const elsewhere = new OpenAiCompatibleLlm({ baseUrl: 'https://models.example.org/v1', model: 'tiny', clock });
    await elsewhere.preload(request.messages);
    await elsewhere.close();
    vi.unstubAllGlobals();
    expect(send).not.toHaveBeenCalled();
  });
});
