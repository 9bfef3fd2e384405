import { describe, expect, test } from 'vitest';
import type { Llm, LlmRequest } from '../../main/ports/llm.ts';

export interface LlmSubject {
  llm: Llm;
  /** Closes the model and what the subject started beside it. */
  dispose(): Promise<void>;
}

const SYSTEM = { role: 'system', content: 'You are a helpful voice assistant. Answer in one short sentence.' } as const;

function ask(text: string, more: Partial<LlmRequest> = {}): LlmRequest {
  return { messages: [SYSTEM, { role: 'user', content: text }], maxTokens: 16, ...more };
}

async function collect(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'resolved',
    (error: { code?: string }) => error.code,
  );

/** What every language model behind the port does. */
export function llmContract(name: string, open: () => Promise<LlmSubject>): void {
  describe(`language model contract: ${name}`, () => {
    const withLlm = (behaviour: string, body: (llm: Llm) => Promise<void>) =>
      test(behaviour, async () => {
        const subject = await open();
        try {
          await body(subject.llm);
        } finally {
          await subject.dispose();
        }
      });

    withLlm('streams its answer in pieces', async (llm) => {
      const pieces: string[] = [];
      for await (const piece of llm.generate(ask('Tell me about the sea and the mountains.'))) pieces.push(piece);
      expect(pieces.length).toBeGreaterThan(1);
      expect(pieces.join('').trim()).not.toBe('');
      expect(pieces).not.toContain('');
    });

    withLlm('says no more than maxTokens', async (llm) => {
      const pieces: string[] = [];
      for await (const piece of llm.generate(ask('Count from one to twenty.', { maxTokens: 3 }))) pieces.push(piece);
      expect(pieces.length).toBeGreaterThan(0);
      expect(pieces.length).toBeLessThanOrEqual(3);
    });

    withLlm('says of words how probable a whole sentence is, if it can tell, and answers as before', async (llm) => {
      const before = await collect(llm.generate(ask('What colour is the sky?')));
      const probability = (await llm.sentenceEnd?.(ask('What colour is the sky?').messages)) ?? null;
      if (probability !== null) {
        expect(probability).toBeGreaterThanOrEqual(0);
        expect(probability).toBeLessThanOrEqual(1.001);
      }
      expect(await collect(llm.generate(ask('What colour is the sky?')))).toBe(before);
    });

    withLlm('gives the same answer to the same question when greedy', async (llm) => {
      const first = await collect(llm.generate(ask('What colour is the sky?')));
      expect(await collect(llm.generate(ask('What colour is the sky?')))).toBe(first);
    });

    withLlm('throws cancelled when aborted in mid-answer, and answers the next question', async (llm) => {
      const abort = new AbortController();
      const heard: string[] = [];
      const answer = (async () => {
        for await (const piece of llm.generate(ask('Tell me a long story.'), { signal: abort.signal })) {
          heard.push(piece);
          abort.abort();
        }
      })();
      expect(await codeOf(answer)).toBe('cancelled');
      expect(heard).toHaveLength(1);
      expect(await collect(llm.generate(ask('What colour is grass?')))).not.toBe('');
    });

    withLlm('throws cancelled when the signal was aborted before', async (llm) => {
      expect(await codeOf(collect(llm.generate(ask('Hello?'), { signal: AbortSignal.abort() })))).toBe('cancelled');
    });

    withLlm('throws cancelled when aborted while waiting for its turn, and leaves the other alone', async (llm) => {
      const abort = new AbortController();
      const alone = await collect(llm.generate(ask('Tell me about cats.')));
      const running = collect(llm.generate(ask('Tell me about cats.')));
      const waiting = codeOf(collect(llm.generate(ask('Tell me about dogs.'), { signal: abort.signal })));
      abort.abort();
      expect(await waiting).toBe('cancelled');
      expect(await running).toBe(alone);
    });

    withLlm('answers two calls at once one after the other, each with its own answer', async (llm) => {
      const alone = [
        await collect(llm.generate(ask('Name a big animal.'))),
        await collect(llm.generate(ask('Name a small tree.'))),
      ];
      const order: number[] = [];
      const both = await Promise.all(
        ['Name a big animal.', 'Name a small tree.'].map(async (question, index) => {
          const text = await collect(llm.generate(ask(question)));
          order.push(index);
          return text;
        }),
      );
      expect(both).toEqual(alone);
      expect(order).toEqual([0, 1]);
    });

    withLlm('is free for the next call when a loop is left early', async (llm) => {
      for await (const piece of llm.generate(ask('Tell me a long story.'))) {
        expect(piece).not.toBe('');
        break;
      }
      expect(await collect(llm.generate(ask('What colour is snow?')))).not.toBe('');
    });

    withLlm('refuses a prompt that is too long, and answers the next question', async (llm) => {
      const long = 'All work and no play makes Jack a dull boy. '.repeat(400);
      expect(await codeOf(collect(llm.generate(ask(long))))).toBe('prompt-too-long');
      expect(await collect(llm.generate(ask('What colour is coal?')))).not.toBe('');
    });

    withLlm('gives the same answer with and without preloading', async (llm) => {
      const question = 'What is the best way to cook potatoes for six people?';
      const alone = await collect(llm.generate(ask(question)));
      await collect(llm.generate({ messages: [{ role: 'user', content: 'Something else entirely.' }], maxTokens: 4 }));
      await llm.preload([SYSTEM]);
      // As a recogniser's partials come: growing, and with a word that changes again.
      for (const heard of ['What is', 'What is the breast', 'What is the best way to', question.slice(0, -8)]) {
        await llm.preload([SYSTEM, { role: 'user', content: heard }]);
      }
      expect(await collect(llm.generate(ask(question)))).toBe(alone);
    });

    withLlm('resolves a preload that is aborted', async (llm) => {
      const abort = new AbortController();
      const preloading = llm.preload([SYSTEM, { role: 'user', content: 'Well, I was thinking.' }], abort);
      abort.abort();
      expect(await codeOf(preloading)).toBe('resolved');
      expect(await collect(llm.generate(ask('What colour is milk?')))).not.toBe('');
    });

    withLlm('does not fail on a preload that is too long', async (llm) => {
      const long = 'All work and no play makes Jack a dull boy. '.repeat(400);
      expect(await codeOf(llm.preload([SYSTEM, { role: 'user', content: long }]))).toBe('resolved');
    });

    withLlm('rejects what runs, what waits and what comes later with queue-closed on close', async (llm) => {
      const running = llm.generate(ask('Tell me a long story.'))[Symbol.asyncIterator]();
      await running.next();
      const waiting = codeOf(collect(llm.generate(ask('And another one.'))));
      const rest = codeOf(
        (async () => {
          while (!(await running.next()).done);
        })(),
      );
      await llm.close();
      expect(await rest).toBe('queue-closed');
      expect(await waiting).toBe('queue-closed');
      expect(await codeOf(collect(llm.generate(ask('Hello?'))))).toBe('queue-closed');
      await llm.close();
    });

    withLlm('closes twice at once', async (llm) => {
      await Promise.all([llm.close(), llm.close()]);
    });
  });
}
