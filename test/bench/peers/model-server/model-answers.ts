import type { Token } from 'node-llama-cpp';
import type { ChatMessage } from '../../../../main/ports/llm.ts';
import { throwIfAborted } from '../../../../main/lib/abort.ts';
import { ChatTemplate } from '../../../../main/engines/llm/chat-template.ts';
import { loadLlamaModel, type LoadedLlamaModel } from '../../../../main/engines/llm/load-llama-model.ts';
import { PrefixCache } from '../../../../main/engines/llm/prefix-cache.ts';
import { StreamedText } from '../../../../main/engines/llm/streamed-text.ts';
import { fixedAnswer } from './fixed-answers.ts';

export type Words = 'own' | 'fixed';

/** Pipecat keeps the whole conversation in its prompt. */
const CONTEXT_TOKENS = 8192;

/**
 * One model for every product, with what was computed of the prompt before kept. With fixed words the model does the same work (the prompt, and one
 * step for each token), but the token that is taken is that of the words which were fixed.
 */
export class ModelAnswers {
  readonly #loaded: LoadedLlamaModel;
  readonly #template: ChatTemplate;
  readonly #cache: PrefixCache<Token>;
  readonly #words: Words;

  private constructor(loaded: LoadedLlamaModel, words: Words) {
    const { model, sequence } = loaded;
    this.#loaded = loaded;
    this.#words = words;
    this.#template = new ChatTemplate(model.fileInfo.metadata.tokenizer?.chat_template ?? '', {
      bosToken: model.tokens.bosString ?? '',
      eosToken: model.tokens.eosString ?? '',
    });
    this.#cache = new PrefixCache(sequence, { nowMs: () => performance.now() });
  }

  /** Throws `model-missing`, `model-corrupt` or `engine-failed`. */
  static async load(options: { modelPath: string; words: Words }): Promise<ModelAnswers> {
    const { modelPath, words } = options;
    return new ModelAnswers(await loadLlamaModel({ modelPath, contextTokens: CONTEXT_TOKENS }), words);
  }

  /** One call at a time. Abort throws `cancelled` within one step; what was computed stays. */
  async *answer(messages: ChatMessage[], options: { maxTokens: number; signal: AbortSignal }): AsyncGenerator<string> {
    const { model, sequence } = this.#loaded;
    const last = await this.#cache.computeAllButLast(this.#promptTokens(messages), options);
    const fixed = this.#words === 'fixed' ? this.#fixedTokens(messages) : undefined;
    const text = new StreamedText<Token>((tokens, before) => model.detokenize(tokens, false, before));
    const steps = sequence.evaluate(last, { temperature: 0 });
    let step = await steps.next();
    for (let count = 0; !step.done && count < options.maxTokens; count++) {
      throwIfAborted(options.signal, 'think');
      const token = fixed ? fixed[count] : step.value;
      if (token === undefined) break;
      const piece = text.push(token);
      if (piece) yield piece;
      step = await (fixed ? steps.next(token) : steps.next());
    }
    await steps.return();
    const rest = text.end();
    if (rest) yield rest;
  }

  #fixedTokens(messages: ChatMessage[]): Token[] {
    const said = messages.findLast(({ role }) => role === 'user')?.content ?? '';
    return this.#loaded.model.tokenize(fixedAnswer(said));
  }

  #promptTokens(messages: ChatMessage[]): Token[] {
    const { model } = this.#loaded;
    const parts = this.#template.renderPrompt(messages);
    return parts.flatMap(({ type, text }, i) =>
      model.tokenize(text, type === 'markup', i > 0 ? 'trimLeadingSpace' : undefined),
    );
  }
}
