import { throwIfAborted } from '../../lib/abort.ts';

/** The part of a llama.cpp context sequence that holds computed tokens. Implemented by node-llama-cpp's LlamaContextSequence. */
export interface TokenSequence<Token> {
  /** A copy of the tokens whose keys and values are computed. */
  readonly contextTokens: Token[];
  evaluateWithoutGeneratingNewTokens(tokens: Token[]): Promise<void>;
  eraseContextTokenRanges(ranges: { start: number; end: number }[]): Promise<void>;
}

export interface PrefixCacheOptions {
  /** Monotonic. */
  nowMs: () => number;
  /** How long one step of a long prompt may take, since a step cannot be aborted. Default 200 ms. */
  stepMs?: number;
}

const FIRST_CHUNK_TOKENS = 32;
/** Smaller chunks waste time: at 16 tokens the prompt took 14% longer than in one piece (SmolLM2, one thread). */
const MIN_CHUNK_TOKENS = 16;
/**
 * llama.cpp computes a batch of one token by other kernels, with other rounding. As no prompt token is ever alone in its batch, a
 * prompt gives the same answer however it was cut by preloading (SmolLM2 without flash attention: equal to four digits).
 */
const MIN_BATCH_TOKENS = 2;
/** The batch of the context. */
const MAX_CHUNK_TOKENS = 512;
const DEFAULT_STEP_MS = 200;

/** Keeps what the model has computed of a conversation and computes only what is new, in steps short enough to abort between. */
export class PrefixCache<Token> {
  readonly #sequence: TokenSequence<Token>;
  readonly #nowMs: () => number;
  readonly #stepMs: number;
  #chunkTokens = FIRST_CHUNK_TOKENS;

  constructor(sequence: TokenSequence<Token>, options: PrefixCacheOptions) {
    this.#sequence = sequence;
    this.#nowMs = options.nowMs;
    this.#stepMs = options.stepMs ?? DEFAULT_STEP_MS;
  }

  /** How many of `tokens`, from the first on, are computed. */
  countReusable(tokens: Token[]): number {
    const cached = this.#sequence.contextTokens;
    const length = Math.min(cached.length, tokens.length);
    for (let i = 0; i < length; i++) if (cached[i] !== tokens[i]) return i;
    return length;
  }

  /** Computes `tokens`. Abort throws `cancelled` after the step in hand; what was computed stays. */
  async compute(tokens: Token[], options: { signal?: AbortSignal } = {}): Promise<void> {
    // All there, perhaps with more after it, which the next prompt may still need.
    if (this.countReusable(tokens) === tokens.length) return;
    const rest = await this.#computeWhole(tokens, options.signal);
    await this.#sequence.evaluateWithoutGeneratingNewTokens(rest);
  }

  /**
   * Computes `tokens` except for the last few and returns those (two or more, if there are two): they have to be computed
   * together with the choice of the next token. Abort as in `compute`.
   */
  computeAllButLast(tokens: Token[], options: { signal?: AbortSignal } = {}): Promise<Token[]> {
    return this.#computeWhole(tokens, options.signal);
  }

  /** Returns what is left when the last chunk is not computed. */
  async #computeWhole(tokens: Token[], signal: AbortSignal | undefined): Promise<Token[]> {
    let at = Math.max(0, Math.min(this.countReusable(tokens), tokens.length - MIN_BATCH_TOKENS));
    await this.#truncate(at);
    while (tokens.length - at > this.#chunkTokens) {
      throwIfAborted(signal, 'think');
      const chunk = tokens.slice(at, Math.min(at + this.#chunkTokens, tokens.length - MIN_BATCH_TOKENS));
      const startedMs = this.#nowMs();
      await this.#sequence.evaluateWithoutGeneratingNewTokens(chunk);
      at += chunk.length;
      this.#pace(chunk.length, this.#nowMs() - startedMs);
    }
    throwIfAborted(signal, 'think');
    return tokens.slice(at);
  }

  async #truncate(length: number): Promise<void> {
    const end = this.#sequence.contextTokens.length;
    if (end > length) await this.#sequence.eraseContextTokenRanges([{ start: length, end }]);
  }

  /** A large model on a small machine gets small chunks, a GPU gets large ones. */
  #pace(tokens: number, tookMs: number): void {
    if (tokens < this.#chunkTokens) return;
    if (tookMs > this.#stepMs * 1.5) this.#chunkTokens = Math.max(MIN_CHUNK_TOKENS, this.#chunkTokens / 2);
    else if (tookMs < this.#stepMs / 2.5) this.#chunkTokens = Math.min(MAX_CHUNK_TOKENS, this.#chunkTokens * 2);
  }
}
