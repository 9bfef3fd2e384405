import type { AnswerSource } from '../contract/state.ts';
import { throwIfAborted } from '../lib/abort.ts';
import type { CallOptions } from '../ports/call-options.ts';
import type { AnswerEffect, ReplyPiece, ReplyRequest, Responder, RespondOptions } from '../ports/responder.ts';
import { ClauseSplitter } from './speech-text/split-clauses.ts';

/** An answer that is known at once. */
export interface ReadyAnswer {
  /** Which intent or skill it was, for the log and for tests. */
  name: string;
  text: string;
  effect?: AnswerEffect;
}

/** Decides without waiting for anything, within 2 ms, and says null as soon as it is not sure: the next stage is asked then. */
export interface ReadyStage {
  readonly source: AnswerSource;
  tryRespond(request: ReplyRequest): ReadyAnswer | null;
}

/** Speech that was made before it was needed. */
export interface RenderedSpeech {
  /** The audio of a clause's text in the voice of now, or null when there is none. Never throws. */
  find(text: string): Promise<{ pcm: Float32Array; sampleRateHz: number } | null>;
}

export interface ResponderChainOptions {
  /** Asked in this order. */
  stages: readonly ReadyStage[];
  model: Responder & { sentenceEnd?(request: ReplyRequest, options?: CallOptions): Promise<number | null> };
  /** Default: nothing was rendered ahead. */
  rendered?: RenderedSpeech;
  /** A stage has made an answer, which may still be dropped. */
  onAnswer?(answer: ReadyAnswer): void;
}

/** What code can answer, code answers; the language model gets the rest. */
export class ResponderChain implements Responder {
  readonly #options: ResponderChainOptions;

  constructor(options: ResponderChainOptions) {
    this.#options = options;
  }

  async *respond(request: ReplyRequest, options: RespondOptions = {}): AsyncIterable<ReplyPiece> {
    for (const stage of this.#options.stages) {
      const answer = stage.tryRespond(request);
      if (!answer) continue;
      this.#options.onAnswer?.(answer);
      yield { type: 'source', source: stage.source };
      yield* spokenPieces(answer, { rendered: this.#options.rendered, ...options });
      return;
    }
    yield { type: 'source', source: 'model' };
    yield* this.#options.model.respond(request, options);
  }

  /**
   * How probable it is that the user's words are a whole sentence; null when it cannot be told, and for what code answers: there it counts that
   * it is understood, and the answer's voice needs the processor. Abort throws `cancelled`.
   */
  async sentenceEnd(request: ReplyRequest, options: CallOptions = {}): Promise<number | null> {
    const { stages, model } = this.#options;
    if (stages.some((stage) => stage.tryRespond(request) !== null)) return null;
    return (await model.sentenceEnd?.(request, options)) ?? null;
  }

  /** Only the model has anything to prepare. */
  anticipate(request: ReplyRequest): void {
    this.#options.model.anticipate(request);
  }
}

/** An answer that is known as a whole, clause by clause, each with its audio where that was rendered ahead. Abort throws `cancelled`. */
export async function* spokenPieces(
  answer: Pick<ReadyAnswer, 'text' | 'effect'>,
  { rendered, signal }: CallOptions & { rendered?: RenderedSpeech | undefined },
): AsyncGenerator<ReplyPiece, void, undefined> {
  if (answer.effect) yield { type: 'effect', effect: answer.effect };
  yield { type: 'text', text: answer.text };
  for (const clause of clausesOf(answer.text)) {
    const audio = await rendered?.find(clause.text);
    throwIfAborted(signal, 'app');
    yield { type: 'clause', clause, ...(audio ? { audio } : {}) };
  }
}

/** What is said of a text, stretch by stretch; the same cut for rendering ahead and for answering. */
export function clausesOf(text: string): ReturnType<ClauseSplitter['push']> {
  const splitter = new ClauseSplitter();
  return [...splitter.push(text), ...splitter.end()].filter((clause) => clause.text !== '');
}
