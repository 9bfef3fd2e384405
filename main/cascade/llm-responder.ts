import type { CallOptions } from '../ports/call-options.ts';
import type { Llm } from '../ports/llm.ts';
import type { Logger } from '../ports/logger.ts';
import type { ReplyPiece, ReplyRequest, Responder } from '../ports/responder.ts';
import { promptMessages } from './prompt.ts';
import { ClauseSplitter } from './speech-text/split-clauses.ts';

export interface LlmResponderOptions {
  llm: Llm;
  logger: Logger;
  /** Longest answer in tokens. Default 120: about 40 s of speech. */
  maxTokens?: number;
}

/** Answers with a language model, cut into clauses as it writes, so that the first can be spoken while the rest is thought. */
export class LlmResponder implements Responder {
  #llm: Llm;
  #logger: Logger;
  #maxTokens: number;
  #preloading: AbortController | null = null;

  constructor(options: LlmResponderOptions) {
    this.#llm = options.llm;
    this.#logger = options.logger;
    this.#maxTokens = options.maxTokens ?? 120;
  }

  async *respond(request: ReplyRequest, { signal }: CallOptions = {}): AsyncIterable<ReplyPiece> {
    this.#preloading?.abort();
    const splitter = new ClauseSplitter();
    let atStart = true;
    for await (const piece of this.#llm.generate(
      { messages: promptMessages(request), maxTokens: this.#maxTokens },
      { signal },
    )) {
      const text = atStart ? piece.trimStart() : piece;
      if (text === '') continue;
      atStart = false;
      yield { type: 'text', text };
      for (const clause of splitter.push(text)) yield { type: 'clause', clause };
    }
    for (const clause of splitter.end()) yield { type: 'clause', clause };
  }

  anticipate(request: ReplyRequest): void {
    this.#preloading?.abort();
    const preloading = new AbortController();
    this.#preloading = preloading;
    this.#llm.preload(promptMessages(request), { signal: preloading.signal }).catch((error: unknown) => {
      if (!preloading.signal.aborted) this.#logger.debug('preloading failed', { error });
    });
  }
}
