import { basename } from 'node:path';
import type { ControlledEvaluateInputItem, Token } from 'node-llama-cpp';
import { ParleyError } from '../../contract/errors.ts';
import { throwIfAborted } from '../../lib/abort.ts';
import type { CallOptions } from '../../ports/call-options.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ChatMessage, Llm, LlmRequest } from '../../ports/llm.ts';
import { ChatTemplate, type PromptPart } from './chat-template.ts';
import { loadLlamaModel, type LlamaModelOptions, type LoadedLlamaModel } from './load-llama-model.ts';
import { OneAtATime } from './one-at-a-time.ts';
import { PrefixCache } from './prefix-cache.ts';
import { PromptStateFiles } from './prompt-state-files.ts';
import { DEFAULT_MAX_TOKENS } from './request-defaults.ts';
import { StopMarkers, StreamedText } from './streamed-text.ts';

const SENTENCE_ENDS = ['.', '?', '!'];

export interface LlamaCppOptions extends LlamaModelOptions {
  clock: Pick<Clock, 'nowMs'>;
  /**
   * Keeps the computed system prompt on disk. `modelSha256` is that of the model file: a state of another model can crash
   * llama.cpp. Default: no files.
   */
  promptStates?: { folder: string; modelSha256: string };
}

/**
 * A GGUF model on this machine through llama.cpp. One sequence holds the conversation so far; a call computes only the tokens
 * that differ from the call before it. `preload` while the user speaks is what makes the first word come soon.
 */
export class LlamaCppLlm implements Llm {
  readonly #loaded: LoadedLlamaModel;
  readonly #template: ChatTemplate;
  readonly #cache: PrefixCache<Token>;
  readonly #states: PromptStateFiles | undefined;
  readonly #queue = new OneAtATime('think');
  readonly #modelName: string;
  /** Tokens that end a sentence. */
  readonly #sentenceEnds: Token[];
  #preloading: AbortController | undefined;
  #closed: Promise<void> | undefined;

  /** Throws `model-missing`, `model-corrupt` or `engine-failed`; the process lives on. */
  static async load(options: LlamaCppOptions): Promise<LlamaCppLlm> {
    const loaded = await loadLlamaModel(options);
    const template = loaded.model.fileInfo.metadata.tokenizer?.chat_template;
    try {
      return new LlamaCppLlm(loaded, { ...options, template: requireTemplate(template, basename(options.modelPath)) });
    } catch (error) {
      await loaded.dispose();
      throw error;
    }
  }

  private constructor(loaded: LoadedLlamaModel, options: LlamaCppOptions & { template: string }) {
    const { model, sequence } = loaded;
    this.#loaded = loaded;
    this.#modelName = basename(options.modelPath);
    this.#template = new ChatTemplate(options.template, {
      bosToken: model.tokens.bosString ?? '',
      eosToken: model.tokens.eosString ?? '',
    });
    const signs = SENTENCE_ENDS.flatMap((sign) => model.tokenize(sign, false).slice(0, 1));
    this.#sentenceEnds = [...new Set([...signs, model.tokens.eos, model.tokens.eot])].filter((token) => token !== null);
    this.#cache = new PrefixCache(sequence, { nowMs: () => options.clock.nowMs() });
    if (options.promptStates) {
      const { release } = model.llama.llamaCppRelease;
      const { folder, modelSha256 } = options.promptStates;
      this.#states = new PromptStateFiles({ folder, identity: `${modelSha256} ${release} ${loaded.capacityTokens}` });
    }
  }

  /** What the file says of the model. */
  get description(): { architecture: string; contextTokens: number } {
    const { model } = this.#loaded;
    const { architecture } = model.fileInfo.metadata.general;
    return { architecture, contextTokens: model.trainContextSize };
  }

  async *generate(request: LlmRequest, options: CallOptions = {}): AsyncGenerator<string, void, undefined> {
    this.#preloading?.abort();
    yield* this.#queue.stream<string>((emit, signal) => this.#generate(request, emit, signal), options);
  }

  /** Also stops, and resolves normally, when a newer call comes: its words are newer too. */
  async preload(messages: ChatMessage[], options: CallOptions = {}): Promise<void> {
    this.#preloading?.abort();
    const superseded = new AbortController();
    this.#preloading = superseded;
    const signal = options.signal ? AbortSignal.any([options.signal, superseded.signal]) : superseded.signal;
    try {
      await this.#queue.run((runSignal) => this.#preload(messages, runSignal), { signal });
    } catch (error) {
      if (!signal.aborted || this.#queue.closed) throw error;
    }
  }

  async sentenceEnd(messages: ChatMessage[], options: CallOptions = {}): Promise<number | null> {
    this.#preloading?.abort();
    return this.#queue.run((signal) => this.#sentenceEnd(messages, signal), options);
  }

  close(): Promise<void> {
    // The native memory goes when nothing computes any more; freeing it under a running batch would end the process.
    this.#closed ??= this.#queue.close().then(() => this.#loaded.dispose());
    return this.#closed;
  }

  async #preload(messages: ChatMessage[], signal: AbortSignal): Promise<void> {
    const tokens = this.#tokenize(this.#template.renderCommonPrefix(messages));
    if (tokens.length >= this.#loaded.capacityTokens) return;
    await this.#guard(signal, async () => {
      const restored = await this.#restoreSystemPrompt(messages);
      await this.#cache.compute(tokens, { signal });
      await this.#loaded.sequence.takeCheckpoint();
      if (!restored && messages.length === 1 && messages[0]!.role === 'system') await this.#saveSystemPrompt(tokens);
    });
  }

  async #sentenceEnd(messages: ChatMessage[], signal: AbortSignal): Promise<number | null> {
    const tokens = this.#tokenize(this.#template.renderCommonPrefix(withOpenEnd(messages)));
    if (tokens.length >= this.#loaded.capacityTokens) return null;
    let probability: number | null = null;
    await this.#guard(signal, async () => {
      await this.#restoreSystemPrompt(messages);
      const last = await this.#cache.computeAllButLast(tokens, { signal });
      probability = await this.#probabilityOfNext(last, this.#sentenceEnds);
    });
    return probability;
  }

  /**
   * That one of `wanted` follows `tokens`. Only their logits are asked for: all of the vocabulary's cost as much as
   * computing the tokens. The greatest comes by `includeTop`: `includeMax` leaves it out (node-llama-cpp 3.22.1).
   */
  async #probabilityOfNext(tokens: Token[], wanted: Token[]): Promise<number | null> {
    const logits = { filter: { tokens: wanted, includeTop: 1 } };
    const asking: ControlledEvaluateInputItem = [tokens.at(-1)!, { generateNext: { logits, totalLogitWeight: true } }];
    const results = await this.#loaded.sequence.controlledEvaluate([...tokens.slice(0, -1), asking]);
    const { logits: known, totalLogitWeight } = results.at(-1)?.next ?? {};
    if (!known || !totalLogitWeight) return null;
    const max = Math.max(...known.values());
    return wanted.reduce((sum, token) => sum + Math.exp((known.get(token) ?? -Infinity) - max), 0) / totalLogitWeight;
  }

  async #generate(request: LlmRequest, emit: (text: string) => Promise<void>, signal: AbortSignal): Promise<void> {
    const maxTokens = request.maxTokens ?? DEFAULT_MAX_TOKENS;
    const tokens = this.#tokenize(this.#template.renderPrompt(request.messages));
    this.#assertFits(tokens.length, maxTokens);
    await this.#guard(signal, async () => {
      await this.#restoreSystemPrompt(request.messages);
      const last = await this.#cache.computeAllButLast(tokens, { signal });
      await this.#sample(last, { ...request, maxTokens }, { emit, signal });
    });
  }

  async #sample(
    last: Token[],
    request: LlmRequest & { maxTokens: number },
    { emit, signal }: { emit: (text: string) => Promise<void>; signal: AbortSignal },
  ): Promise<void> {
    const { model, sequence } = this.#loaded;
    const text = new StreamedText<Token>((tokens, before) => model.detokenize(tokens, false, before));
    const { bosString, eosString, eotString } = model.tokens;
    const markers = new StopMarkers([bosString, eosString, eotString].filter((marker) => marker !== null));
    const say = async (piece: string) => {
      const sayable = markers.push(piece);
      if (sayable) await emit(sayable);
    };
    let count = 0;
    // Ends by itself at the model's end-of-turn tokens.
    for await (const token of sequence.evaluate(last, { temperature: request.temperature ?? 0, seed: request.seed })) {
      throwIfAborted(signal, 'think');
      await say(text.push(token));
      // The token in hand has not been fed back yet, so nothing is computed that is not used.
      if (markers.stopped || ++count >= request.maxTokens) break;
    }
    throwIfAborted(signal, 'think');
    await say(text.end());
    const rest = markers.end();
    if (rest) await emit(rest);
  }

  #tokenize(parts: PromptPart[]): Token[] {
    const { model } = this.#loaded;
    const tokens: Token[] = [];
    for (const { type, text } of parts) {
      tokens.push(...model.tokenize(text, type === 'markup', tokens.length > 0 ? 'trimLeadingSpace' : undefined));
    }
    // Most templates write the beginning-of-sequence token themselves; two of them make answers worse.
    const { bos, shouldPrependBosToken } = model.tokens;
    if (shouldPrependBosToken && bos !== null && tokens[0] !== bos) tokens.unshift(bos);
    return tokens;
  }

  #assertFits(promptTokens: number, maxTokens: number): void {
    const capacity = this.#loaded.capacityTokens;
    if (promptTokens + maxTokens <= capacity) return;
    throw new ParleyError({
      code: 'prompt-too-long',
      stage: 'think',
      detail: `${promptTokens} + ${maxTokens} > ${capacity} tokens`,
    });
  }

  /** Only into an empty cache: what is there already is newer. Returns whether there was something to restore. */
  async #restoreSystemPrompt(messages: ChatMessage[]): Promise<boolean> {
    const { sequence } = this.#loaded;
    const system = messages[0];
    if (!this.#states || system?.role !== 'system' || sequence.nextTokenIndex > 0) return false;
    const path = await this.#states.find(this.#tokenize(this.#template.renderCommonPrefix([system])));
    if (!path) return false;
    try {
      await sequence.loadStateFromFile(path, { acceptRisk: true });
      return true;
    } catch {
      await this.#states.remove(path);
      await sequence.clearHistory();
      return false;
    }
  }

  async #saveSystemPrompt(tokens: Token[]): Promise<void> {
    const { sequence } = this.#loaded;
    // With more in the cache (a preload of the same prompt in mid-conversation) the file would hold the user's words too.
    if (!this.#states || sequence.nextTokenIndex !== tokens.length) return;
    await this.#states.save(tokens, (path) => sequence.saveStateToFile(path));
  }

  /** Whatever fails natively is `engine-failed` and leaves an empty cache, since nobody knows what is in it. */
  async #guard(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (cause) {
      if (cause instanceof ParleyError) throw cause;
      await this.#loaded.sequence.clearHistory().catch(() => {});
      throwIfAborted(signal, 'think');
      throw new ParleyError({
        code: 'engine-failed',
        stage: 'think',
        message: 'llama.cpp could not compute.',
        retryable: true,
        detail: this.#modelName,
        cause,
      });
    }
  }
}

/** The last message without the signs at its end, and without the quotes that recognisers put around some sentences. */
function withOpenEnd(messages: readonly ChatMessage[]): ChatMessage[] {
  const last = messages.at(-1)!;
  const content = last.content.replace(/^["'\s]+/, '').replace(/[\s.?!,;:…"'-]+$/u, '');
  return [...messages.slice(0, -1), { ...last, content }];
}

function requireTemplate(template: string | undefined, detail: string): string {
  if (template) return template;
  const message = 'The model file has no chat template: it is not a model for conversations.';
  throw new ParleyError({ code: 'engine-failed', stage: 'think', message, detail });
}
