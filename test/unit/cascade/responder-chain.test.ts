import { describe, expect, it } from 'vitest';
import { ResponderChain, type ReadyAnswer, type ReadyStage } from '../../../main/cascade/responder-chain.ts';
import type { ReplyPiece, ReplyRequest, Responder } from '../../../main/ports/responder.ts';

class ModelSpy implements Responder {
  asked: string[] = [];
  anticipated: string[] = [];

  async *respond({ userText }: ReplyRequest): AsyncIterable<ReplyPiece> {
    this.asked.push(userText);
    yield { type: 'text', text: 'Thought out.' };
  }

  sentencesAsked: string[] = [];

  async sentenceEnd({ userText }: ReplyRequest): Promise<number | null> {
    this.sentencesAsked.push(userText);
    return 0.5;
  }

  anticipate({ userText }: ReplyRequest): void {
    this.anticipated.push(userText);
  }
}

function stage(source: 'cache' | 'skill', answers: Record<string, Omit<ReadyAnswer, 'name'>>): ReadyStage {
  return {
    source,
    tryRespond: ({ userText }) => (answers[userText] ? { name: 'test', ...answers[userText] } : null),
  };
}

async function pieces(responder: Responder, userText: string): Promise<ReplyPiece[]> {
  return collect(responder.respond({ history: [], userText }));
}

async function collect(given: AsyncIterable<ReplyPiece>): Promise<ReplyPiece[]> {
  const all: ReplyPiece[] = [];
  for await (const piece of given) all.push(piece);
  return all;
}

describe('the chain of responders', () => {
  const model = new ModelSpy();
  const chain = new ResponderChain({
    stages: [
      stage('cache', { hello: { text: 'Hi there. What can I do?' } }),
      stage('skill', { hello: { text: 'never' }, time: { text: 'It is noon.' } }),
    ],
    model,
  });

  it('asks the model about a sentence only when nobody before it has the answer', async () => {
    expect(await chain.sentenceEnd({ history: [], userText: 'hello' })).toBeNull();
    expect(await chain.sentenceEnd({ history: [], userText: 'why is the sky blue' })).toBe(0.5);
    expect(model.sentencesAsked).toEqual(['why is the sky blue']);
  });

  it('takes the first stage that has an answer, and says which it was', async () => {
    expect((await pieces(chain, 'hello'))[0]).toEqual({ type: 'source', source: 'cache' });
    expect((await pieces(chain, 'time'))[0]).toEqual({ type: 'source', source: 'skill' });
    expect(model.asked).toEqual([]);
  });

  it('asks the model when no stage is sure', async () => {
    expect(await pieces(chain, 'why?')).toEqual([
      { type: 'source', source: 'model' },
      { type: 'text', text: 'Thought out.' },
    ]);
  });

  it('lets only the model prepare', () => {
    chain.anticipate({ history: [], userText: 'hel' });
    expect(model.anticipated).toEqual(['hel']);
  });

  it('gives the effect before the words, and the words as clauses that cover the text', async () => {
    const effect = { apply: () => () => {} };
    const text = 'Timer set. Ten minutes, starting now.';
    const given = await pieces(new ResponderChain({ stages: [stage('skill', { go: { text, effect } })], model }), 'go');
    expect(given.map(({ type }) => type).slice(0, 3)).toEqual(['source', 'effect', 'text']);
    const clauses = given.flatMap((piece) => (piece.type === 'clause' ? [piece.clause] : []));
    expect(clauses[0]!.startChar).toBe(0);
    expect(clauses.at(-1)!.endChar).toBe(text.length);
  });

  it('adds the audio that was rendered ahead, clause by clause', async () => {
    const pcm = new Float32Array([0.5]);
    const rendered = {
      find: async (text: string) => (text.startsWith('Hi there') ? { pcm, sampleRateHz: 24_000 } : null),
    };
    const withAudio = new ResponderChain({
      stages: [stage('cache', { hello: { text: 'Hi there. What can I do for you on this fine day?' } })],
      model,
      rendered,
    });
    const clauses = (await pieces(withAudio, 'hello')).filter(({ type }) => type === 'clause');
    expect(clauses).toMatchObject([{ audio: { pcm } }, {}]);
    expect(clauses[1]).not.toHaveProperty('audio');
  });

  it('stops when it is aborted', async () => {
    const abort = new AbortController();
    const given = chain.respond({ history: [], userText: 'hello' }, { signal: abort.signal });
    abort.abort();
    await expect(collect(given)).rejects.toMatchObject({ code: 'cancelled' });
  });
});
