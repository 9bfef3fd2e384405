import { describe, expect, it } from 'vitest';
import { LlmResponder } from '../../../main/cascade/llm-responder.ts';
import type { Llm, LlmRequest } from '../../../main/ports/llm.ts';
import type { ReplyPiece } from '../../../main/ports/responder.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';

/** Writes a text word by word and says whether it was stopped. */
class WordByWord implements Llm {
  written = 0;
  stopped = false;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  async *generate(_request: LlmRequest): AsyncIterable<string> {
    try {
      for (const piece of this.#text.match(/\s*\S+/g) ?? []) {
        this.written++;
        yield piece;
      }
    } finally {
      this.stopped = true;
    }
  }

  preload(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

async function answer(text: string, options: { userText?: string } = {}) {
  const llm = new WordByWord(text);
  const responder = new LlmResponder({ llm, logger: new RecordingLogger() });
  const pieces: ReplyPiece[] = [];
  for await (const piece of responder.respond({ history: [], userText: options.userText ?? 'q' })) pieces.push(piece);
  const shown = pieces.map((piece) => (piece.type === 'text' ? piece.text : '')).join('');
  return { llm, pieces, shown };
}

describe('answers of a language model', () => {
  it('give every clause after its text, with its place in it', async () => {
    const { pieces, shown } = await answer(' Hello there, how are you today?');
    let text = '';
    for (const piece of pieces) {
      if (piece.type === 'text') text += piece.text;
      if (piece.type === 'clause') expect(piece.clause.endChar).toBe(text.length);
    }
    expect(shown).toBe('Hello there, how are you today?');
    expect(pieces[0]).toEqual({ type: 'first-token' });
  });

  it('end with the second sentence, and the model is stopped there', async () => {
    const { llm, shown } = await answer('One is here. Two is here. Three is here. Four is here. Five is here.');
    expect(shown.trim()).toBe('One is here. Two is here.');
    expect(llm.stopped).toBe(true);
    expect(llm.written).toBeLessThan(12);
  });

  it('go on when a story was asked for', async () => {
    const story = 'One is here. Two is here. Three is here. Four is here. Five is here.';
    expect((await answer(story, { userText: 'Tell me a long story.' })).shown).toBe(story);
  });

  it('run on for no more than 60 tokens, unless a story was asked for', async () => {
    const asked: number[] = [];
    const llm = new WordByWord('and');
    llm.generate = async function* (request: LlmRequest) {
      asked.push(request.maxTokens!);
      yield 'and';
    };
    const responder = new LlmResponder({ llm, logger: new RecordingLogger() });
    for (const userText of ['Where do penguins live?', 'Tell me a story.'])
      for await (const _ of responder.respond({ history: [], userText }));
    expect(asked[0]).toBeLessThanOrEqual(60);
    expect(asked[1]).toBeGreaterThan(120);
  });

  it('are whole when they have no sentence end', async () => {
    expect((await answer('no full stop at all')).shown).toBe('no full stop at all');
  });
});
