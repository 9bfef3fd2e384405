import type { CallOptions } from '../ports/call-options.ts';
import type { Llm } from '../ports/llm.ts';
import type { Logger } from '../ports/logger.ts';
import type { Clause, ReplyPiece, ReplyRequest, Responder } from '../ports/responder.ts';
import { answerLength, type AnswerLength } from './answer-length.ts';
import { promptMessages } from './prompt.ts';
import { ClauseSplitter } from './speech-text/split-clauses.ts';

export interface LlmResponderOptions {
  llm: Llm;
  logger: Logger;
  /** Default: what the question asks for. */
  length?: AnswerLength;
}

/** Answers with a language model, cut into clauses as it writes, so that the first can be spoken while the rest is thought. */
export class LlmResponder implements Responder {
  readonly #llm: Llm;
  readonly #logger: Logger;
  readonly #length: AnswerLength | undefined;
  #preloading: AbortController | null = null;

  constructor(options: LlmResponderOptions) {
    this.#llm = options.llm;
    this.#logger = options.logger;
    this.#length = options.length;
  }

  async *respond(request: ReplyRequest, { signal }: CallOptions = {}): AsyncIterable<ReplyPiece> {
    this.#preloading?.abort();
    const splitter = new ClauseSplitter();
    let text = '';
    let sentences = 0;
    const length = this.#length ?? answerLength(request.userText);
    // The text goes out clause by clause: what is cut off after the last sentence was then never shown.
    const spoken = function* (clauses: Clause[]): Generator<ReplyPiece> {
      for (const clause of clauses) {
        const written = text.slice(clause.startChar, clause.endChar);
        yield { type: 'text', text: written };
        yield { type: 'clause', clause };
        if (endsSentence(written)) sentences++;
      }
    };
    const generated = this.#llm.generate({ messages: promptMessages(request), maxTokens: length.tokens }, { signal });
    for await (const piece of generated) {
      if (text === '') yield { type: 'first-token' };
      const more = text === '' ? piece.trimStart() : piece;
      text += more;
      yield* spoken(splitter.push(more));
      if (sentences >= length.sentences) return;
    }
    yield* spoken(splitter.end());
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

function endsSentence(text: string): boolean {
  return /[.!?…]["'”’)\]]*\s*$/u.test(text);
}
