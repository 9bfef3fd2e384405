import { ParleyError } from '../contract/errors.ts';
import type { CallOptions } from '../ports/call-options.ts';
import type { Clock } from '../ports/clock.ts';
import type { Llm } from '../ports/llm.ts';
import type { Logger } from '../ports/logger.ts';
import type { ReplyPiece, ReplyRequest, RespondOptions, Responder } from '../ports/responder.ts';
import type { ToolBox, ToolOffer } from '../ports/tool.ts';
import { answerLength, type AnswerLength } from './answer-length.ts';
import { AnswerWriter } from './answer-writer.ts';
import { promptMessages } from './prompt.ts';
import type { RenderedSpeech } from './responder-chain.ts';
import { ToolAnswer } from './tool-answer.ts';
import { TOOL_WORDS } from './tool-words.ts';

export interface ResponderTools {
  box: ToolBox;
  clock: Clock;
  /** Fillers whose audio was made before. */
  rendered?: RenderedSpeech | undefined;
  /** Told when it is known whether the model can use tools. */
  onModel?(canCall: boolean): void;
}

export interface LlmResponderOptions {
  llm: Llm;
  logger: Logger;
  /** Default: what the question asks for. */
  length?: AnswerLength;
  /** What the model may use, if it can. Default: nothing. */
  tools?: ResponderTools;
}

/** Turns whose answers held words from outside; as many as a history can hold. */
const MAX_TAINTED = 64;
/** A server that refuses a request with tools is not bothered with them again for so long; the user may choose another model meanwhile. */
const REFUSED_FOR_MS = 5 * 60_000;

/** Answers with a language model, cut into clauses as it writes, so that the first can be spoken while the rest is thought. */
export class LlmResponder implements Responder {
  readonly #options: LlmResponderOptions;
  readonly #llm: Llm;
  #preloading: AbortController | null = null;
  #canCall: Promise<boolean> | null = null;
  #refusedUntilMs = -Infinity;
  #fillerCount = 0;
  /** What the user had said when words from outside came into the answer. */
  readonly #taintedTurns = new Set<string>();

  constructor(options: LlmResponderOptions) {
    this.#options = options;
    this.#llm = options.llm;
  }

  async *respond(request: ReplyRequest, options: RespondOptions = {}): AsyncIterable<ReplyPiece> {
    this.#preloading?.abort();
    const answer = await this.#toolAnswer(request, options);
    if (!answer) return yield* this.#plainAnswer(request, options);
    let isEmpty = true;
    try {
      for await (const piece of answer.pieces()) {
        isEmpty = false;
        yield piece;
      }
    } catch (cause) {
      const { code } = ParleyError.from(cause, 'think');
      if (code !== 'endpoint-refused' || !isEmpty) throw cause;
      // Some servers refuse tools for models that cannot use them (Ollama does), and do not say so beforehand.
      const { clock, onModel } = this.#options.tools!;
      this.#refusedUntilMs = clock.nowMs() + REFUSED_FOR_MS;
      yield* this.#plainAnswer(request, options);
      onModel?.(false);
    }
  }

  /** How probable it is that the user's words are a whole sentence; null when the model cannot tell. Abort throws `cancelled`. */
  async sentenceEnd(request: ReplyRequest, options: CallOptions = {}): Promise<number | null> {
    return (await this.#llm.sentenceEnd?.(promptMessages(request), options)) ?? null;
  }

  anticipate(request: ReplyRequest): void {
    this.#preloading?.abort();
    const preloading = new AbortController();
    this.#preloading = preloading;
    const { tools } = this.#options;
    // Between two turns: another model may have been chosen.
    if (request.userText === '') this.#canCall = null;
    const preloaded = tools
      ? this.#preloadWithTools(request, preloading.signal)
      : this.#preload(request, [], preloading.signal);
    preloaded.catch((error: unknown) => {
      if (!preloading.signal.aborted) this.#options.logger.debug('preloading failed', { error });
    });
  }

  async #preloadWithTools(request: ReplyRequest, signal: AbortSignal): Promise<void> {
    const offers = await this.#offers();
    if (!signal.aborted) await this.#preload(request, offers, signal);
  }

  #preload(request: ReplyRequest, offers: ToolOffer[], signal: AbortSignal): Promise<void> {
    const withTools = offers.length > 0;
    const messages = promptMessages(request, { withTools });
    return this.#llm.preload(messages, { signal, ...(withTools ? { tools: offers } : {}) });
  }

  async *#plainAnswer(request: ReplyRequest, { signal }: CallOptions): AsyncIterable<ReplyPiece> {
    const length = this.#options.length ?? answerLength(request.userText);
    const writer = new AnswerWriter({ maxSentences: length.sentences });
    const generated = this.#llm.generate({ messages: promptMessages(request), maxTokens: length.tokens }, { signal });
    let isFirst = true;
    for await (const piece of generated) {
      if (isFirst) yield { type: 'first-token' };
      isFirst = false;
      yield* writer.push(piece);
      if (writer.isFull) return;
    }
    yield* writer.endStretch();
  }

  async #toolAnswer(request: ReplyRequest, options: RespondOptions): Promise<ToolAnswer | null> {
    const { tools, length = answerLength(request.userText), logger } = this.#options;
    const offers = await this.#offers();
    const converse = this.#llm.converse?.bind(this.#llm);
    if (!tools || !converse || offers.length === 0) return null;
    const parts = {
      llm: { converse },
      box: tools.box,
      offers,
      clock: tools.clock,
      logger,
      rendered: tools.rendered,
      length,
      tainted: request.history.some(({ user }) => this.#taintedTurns.has(user)),
      onTainted: () => this.#taint(request.userText),
      nextFiller: () => TOOL_WORDS.fillers[this.#fillerCount++ % TOOL_WORDS.fillers.length]!,
    };
    return new ToolAnswer(parts, request, options);
  }

  /** Nothing for a model that cannot use them. Never throws. */
  async #offers(): Promise<ToolOffer[]> {
    const { tools } = this.#options;
    if (!tools || !this.#llm.converse || tools.clock.nowMs() < this.#refusedUntilMs) return [];
    this.#canCall ??= this.#askModel();
    return (await this.#canCall) ? tools.box.offers() : [];
  }

  async #askModel(): Promise<boolean> {
    const canCall = (await this.#llm.supportsTools?.().catch(() => false)) ?? false;
    this.#options.tools?.onModel?.(canCall);
    return canCall;
  }

  #taint(userText: string): void {
    this.#taintedTurns.add(userText);
    if (this.#taintedTurns.size > MAX_TAINTED) this.#taintedTurns.delete(this.#taintedTurns.values().next().value!);
  }
}
