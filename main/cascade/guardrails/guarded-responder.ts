import type { ReplyPiece, ReplyRequest, Responder } from '../../ports/responder.ts';
import { spokenPieces } from '../responder-chain.ts';
import { AnswerGuard } from './answer-guard.ts';
import type { Guardrails } from './guardrails.ts';

type RespondOptions = NonNullable<Parameters<Responder['respond']>[1]>;

/** A responder whose questions and answers go through the guardrails. With no rule on, it is the responder itself. */
export class GuardedResponder implements Responder {
  readonly #responder: Responder;
  readonly #guardrails: Guardrails;

  constructor(responder: Responder, guardrails: Guardrails) {
    this.#responder = responder;
    this.#guardrails = guardrails;
  }

  respond(request: ReplyRequest, options: RespondOptions = {}): AsyncIterable<ReplyPiece> {
    const guardsUser = this.#guardrails.rules('user') !== null;
    return guardsUser ? this.#respondToGuarded(request, options) : this.#guardedAnswer(request, request, options);
  }

  anticipate(request: ReplyRequest): void {
    const masked = this.#guardrails.rules('user') ? this.#masked(request) : request;
    this.#responder.anticipate({ ...masked, userText: this.#guardrails.masked(request.userText) });
  }

  async *#respondToGuarded(
    request: ReplyRequest,
    options: RespondOptions,
  ): AsyncGenerator<ReplyPiece, void, undefined> {
    const guarded = await this.#guardrails.guardUser(request.userText, options);
    if (guarded.blocked) return yield* spokenPieces({ text: guarded.say }, options);
    yield* this.#guardedAnswer({ ...this.#masked(request), userText: guarded.text }, request, options);
  }

  #guardedAnswer(request: ReplyRequest, original: ReplyRequest, options: RespondOptions): AsyncIterable<ReplyPiece> {
    const rules = this.#guardrails.rules('answer');
    const pieces = this.#responder.respond(request, options);
    if (!rules) return pieces;
    return new AnswerGuard({ rules, guardrails: this.#guardrails, request: original, ...options }).guard(pieces);
  }

  /** What the user said earlier is in the prompt, too. */
  #masked(request: ReplyRequest): ReplyRequest {
    const history = request.history.map((past) => ({ ...past, user: this.#guardrails.masked(past.user) }));
    return { ...request, history };
  }
}
