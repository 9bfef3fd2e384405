import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { ForkHost } from '../../main/children/fork-host.ts';
import { SupervisedChild } from '../../main/children/supervised-child.ts';
import { ThinkClient } from '../../main/children/think-client.ts';
import type { ThinkConfig } from '../../main/children/think-config.ts';
import { MonotonicClock } from '../../main/platform/monotonic-clock.ts';
import type { LlmRequest } from '../../main/ports/llm.ts';
import { FakeOpenAiServer } from '../fakes/fake-openai-server.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { STARTER_LLM, starterLlmMissing } from './starter-llm.ts';

const request: LlmRequest = {
  messages: [
    { role: 'system', content: 'You are a helpful voice assistant. Answer in one short sentence.' },
    { role: 'user', content: 'What is the capital of France?' },
  ],
  maxTokens: 32,
};

const children: SupervisedChild[] = [];
afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => child.stop()));
});

function think(config: ThinkConfig) {
  const clock = new MonotonicClock();
  const entriesDir = join(import.meta.dirname, '../../main/children/entries');
  const child = new SupervisedChild({
    name: 'think',
    config,
    host: new ForkHost({ entriesDir }),
    clock,
    logger: new RecordingLogger(),
  });
  children.push(child);
  return { child, llm: new ThinkClient({ rpc: child, clock }) };
}

async function collect(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

describe.skipIf(starterLlmMissing())('the think child with the starter model', () => {
  test('answers, stops in mid-answer and answers again', async () => {
    const { child, llm } = think({ engine: 'llama-cpp', modelPath: STARTER_LLM.path, threads: 1 });
    await child.start();
    await llm.preload(request.messages);
    expect(await collect(llm.generate(request))).toContain('Paris');
    const abort = new AbortController();
    const answering = (async () => {
      for await (const _piece of llm.generate({ ...request, maxTokens: 500 }, abort)) abort.abort();
    })();
    await expect(answering).rejects.toMatchObject({ code: 'cancelled' });
    expect(await collect(llm.generate(request))).toContain('Paris');
  });

  test('computes on while its thread still answers the heartbeat', async () => {
    const { child, llm } = think({ engine: 'llama-cpp', modelPath: STARTER_LLM.path, threads: 1 });
    await child.start();
    const statuses: string[] = [];
    child.onStatus((status) => statuses.push(status));
    const long = 'All work and no play makes Jack a dull boy. '.repeat(30);
    await llm.preload([request.messages[0]!, { role: 'user', content: long }]);
    expect(statuses).toEqual(['busy', 'ready']);
  });
});

describe('the think child', () => {
  test('says that a model is missing, at once and for good', async () => {
    const { child } = think({ engine: 'llama-cpp', modelPath: '/nowhere/model.gguf' });
    await expect(child.start()).rejects.toMatchObject({ code: 'model-missing', stage: 'think', detail: 'model.gguf' });
    expect(child.status).toBe('failed');
  });

  test('answers through an endpoint, with the key that came in its config', async () => {
    const server = await FakeOpenAiServer.start();
    const { child, llm } = think({
      engine: 'openai-compatible',
      baseUrl: server.baseUrl,
      model: 'tiny',
      apiKey: 'sk-secret',
    });
    await child.start();
    expect(await collect(llm.generate(request))).toBe('You said: What is the capital of France?');
    expect(server.requests[0]!.authorization).toBe('Bearer sk-secret');
    await child.stop();
    await server.stop();
  });
});
