import type { AddressInfo } from 'node:net';
import OpenAI from 'openai';
import { afterEach, describe, expect, test } from 'vitest';
import { deferred } from '../../../../main/lib/deferred.ts';
import type { ChatMessage } from '../../../../main/ports/llm.ts';
import { INTERRUPTIONS, LONG_REQUESTS, QUESTIONS } from '../../../bench/clips/spoken-lines.ts';
import { chatCompletionsServer, type Answer } from '../../../bench/peers/model-server/chat-completions.ts';
import { fixedAnswer } from '../../../bench/peers/model-server/fixed-answers.ts';

describe('fixed answers', () => {
  test('the same words are answered alike, however a recogniser writes them', () => {
    expect(fixedAnswer('What day comes after Friday?')).toBe(fixedAnswer('what day comes after friday'));
  });

  test('different questions get many different answers, so that nothing spoken before can be used again', () => {
    expect(new Set(QUESTIONS.map(fixedAnswer)).size).toBeGreaterThan(QUESTIONS.length * 0.6);
  });

  test('a request for a long answer gets one, and nothing else does', () => {
    const isLong = (text: string): boolean => fixedAnswer(text).length > 200;
    expect(LONG_REQUESTS.filter((text) => !isLong(text))).toEqual([]);
    expect([...QUESTIONS, ...INTERRUPTIONS].filter(isLong)).toEqual([]);
  });
});

describe("the model's server", () => {
  const close: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const each of close.splice(0)) await each();
  });

  async function serve(answer: Answer): Promise<OpenAI> {
    const server = chatCompletionsServer(answer);
    const listening = deferred<void>();
    server.listen(0, '127.0.0.1', () => listening.resolve());
    await listening.promise;
    close.push(async () => {
      const closed = deferred<void>();
      server.close(() => closed.resolve());
      server.closeAllConnections();
      await closed.promise;
    });
    const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
    return new OpenAI({ baseURL, apiKey: 'none', maxRetries: 0 });
  }

  function asked(
    content: OpenAI.ChatCompletionUserMessageParam['content'],
  ): OpenAI.ChatCompletionCreateParamsStreaming {
    const messages: OpenAI.ChatCompletionMessageParam[] = [
      { role: 'developer', content: 'Be brief.' },
      { role: 'user', content },
    ];
    return { model: 'any', stream: true, messages };
  }

  test("streams to OpenAI's own client, and takes text in parts and unknown roles", async () => {
    const seen: ChatMessage[][] = [];
    const client = await serve(async function* (messages) {
      seen.push(messages);
      yield* ['One', ' two.'];
    });
    const chunks = await client.chat.completions.create(asked([{ type: 'text', text: 'Count.' }]));
    let text = '';
    for await (const chunk of chunks) text += chunk.choices[0]?.delta.content ?? '';
    expect(text).toBe('One two.');
    expect(seen[0]).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Count.' },
    ]);
  });

  test('a client that goes away ends its answer, and the next one is served', async () => {
    const left = deferred<void>();
    let asks = 0;
    const client = await serve(async function* (_messages, { signal }) {
      yield 'One';
      if (asks++ > 0) return;
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      left.resolve();
    });
    const first = await client.chat.completions.create(asked('Count.'));
    for await (const chunk of first) {
      expect(chunk.choices[0]?.delta.content).toBe('One');
      break;
    }
    await left.promise;
    const second = await client.chat.completions.create(asked('Count.'));
    const contents: unknown[] = [];
    for await (const chunk of second) contents.push(chunk.choices[0]?.delta.content);
    expect(contents[0]).toBe('One');
  });

  test('what is no request is refused in words', async () => {
    const client = await serve(async function* () {
      yield 'never';
    });
    await expect(client.chat.completions.create({ model: 'any', messages: [], stream: true })).rejects.toThrow('400');
  });
});
