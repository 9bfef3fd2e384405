import { LlmResponder, type ResponderTools } from '../../cascade/llm-responder.ts';
import type { Logger } from '../../ports/logger.ts';
import type { ReplyPiece, ReplyRequest, RespondOptions, Responder } from '../../ports/responder.ts';
import { HearingLlm, type HearingLlmOptions } from './hearing-llm.ts';

export interface AudioResponderOptions extends HearingLlmOptions {
  logger: Logger;
  /** What the model may use, by the same gate as everybody's. Default: nothing. */
  tools?: ResponderTools;
  /** How the words have sounded; undefined when they were typed. */
  soundOf(userText: string): Float32Array | undefined;
}

/** Answers what was heard as sound, not as words; what was said before it knows as words. In everything else it is the cascade's model. */
export class AudioResponder implements Responder {
  readonly #options: AudioResponderOptions;
  readonly #llm: HearingLlm;
  readonly #responder: LlmResponder;

  constructor(options: AudioResponderOptions) {
    const { logger, tools } = options;
    this.#options = options;
    this.#llm = new HearingLlm(options);
    this.#responder = new LlmResponder({ llm: this.#llm, logger, ...(tools ? { tools } : {}) });
  }

  async *respond(request: ReplyRequest, options: RespondOptions = {}): AsyncIterable<ReplyPiece> {
    yield { type: 'source', source: 'model' };
    this.#llm.hear(request.userText, this.#options.soundOf(request.userText) ?? null);
    yield* this.#responder.respond(request, options);
  }

  anticipate(request: ReplyRequest): void {
    this.#responder.anticipate(request);
  }
}
