import { ParleyError } from '../contract/errors.ts';
import { abortError } from '../lib/abort.ts';
import type { CallOptions } from '../ports/call-options.ts';
import type { Clock } from '../ports/clock.ts';
import type { ChatMessage, Llm, LlmPiece, LlmRequest, PreloadOptions, ToolRequest } from '../ports/llm.ts';
import type { RpcClient } from './rpc-peer.ts';
import type { PreloadCall } from './think-service.ts';

export interface ThinkClientOptions {
  rpc: RpcClient;
  clock: Clock;
  /** Longest wait for the first piece of an answer. Default 30 s: a long conversation is computed at about 130 tokens/s. */
  firstTokenTimeoutMs?: number;
  /** Longest wait for every other piece. Default 10 s. */
  nextTokenTimeoutMs?: number;
  /** Default 30 s. */
  preloadTimeoutMs?: number;
}

const SENTENCE_END_TIMEOUT_MS = 5_000;
/** Asked between turns, of a process that may be busy loading. */
const SUPPORTS_TIMEOUT_MS = 30_000;

/**
 * The language model in the `think` child, seen from the app. A missed deadline throws `call-timeout`, a child that is gone
 * what its supervisor says. A newer preload or answer stops an older preload.
 */
export class ThinkClient implements Llm {
  readonly #rpc: RpcClient;
  readonly #clock: Clock;
  readonly #firstTokenTimeoutMs: number;
  readonly #nextTokenTimeoutMs: number;
  readonly #preloadTimeoutMs: number;
  readonly #closing = new AbortController();
  #preloading: AbortController | undefined;

  constructor(options: ThinkClientOptions) {
    this.#rpc = options.rpc;
    this.#clock = options.clock;
    this.#firstTokenTimeoutMs = options.firstTokenTimeoutMs ?? 30_000;
    this.#nextTokenTimeoutMs = options.nextTokenTimeoutMs ?? 10_000;
    this.#preloadTimeoutMs = options.preloadTimeoutMs ?? 30_000;
  }

  generate(request: LlmRequest, options: CallOptions = {}): AsyncGenerator<string, void, undefined> {
    return this.#stream<string>('generate', request, options);
  }

  converse(request: ToolRequest, options: CallOptions = {}): AsyncGenerator<LlmPiece, void, undefined> {
    return this.#stream<LlmPiece>('converse', request, options);
  }

  async sentenceEnd(messages: ChatMessage[], options: CallOptions = {}): Promise<number | null> {
    this.#preloading?.abort();
    const signal = AbortSignal.any([this.#closing.signal, ...(options.signal ? [options.signal] : [])]);
    const call = this.#rpc.call('sentence-end', messages, { signal, timeoutMs: SENTENCE_END_TIMEOUT_MS });
    return call as Promise<number | null>;
  }

  /** The model is asked each time: another one may have been chosen. */
  supportsTools(): Promise<boolean> {
    const signal = this.#closing.signal;
    return this.#rpc.call('supports-tools', null, { signal, timeoutMs: SUPPORTS_TIMEOUT_MS }) as Promise<boolean>;
  }

  async *#stream<Piece>(
    method: 'generate' | 'converse',
    request: LlmRequest,
    options: CallOptions,
  ): AsyncGenerator<Piece, void, undefined> {
    this.#preloading?.abort();
    const late = new AbortController();
    const signal = AbortSignal.any([this.#closing.signal, late.signal, ...(options.signal ? [options.signal] : [])]);
    const watch = (timeoutMs: number) =>
      this.#clock.schedule(timeoutMs, () => {
        late.abort(new ParleyError({ code: 'call-timeout', stage: 'think', retryable: true, detail: method }));
      });
    let stopWatching = watch(this.#firstTokenTimeoutMs);
    try {
      for await (const piece of this.#rpc.stream<Piece>(method, request, { signal })) {
        stopWatching();
        // Not watched while the reader is busy with the piece: that time is not the child's.
        yield piece;
        if (signal.aborted) throw abortError(signal, 'think');
        stopWatching = watch(this.#nextTokenTimeoutMs);
      }
    } finally {
      stopWatching();
    }
  }

  async preload(messages: ChatMessage[], options: PreloadOptions = {}): Promise<void> {
    this.#preloading?.abort();
    const superseded = new AbortController();
    this.#preloading = superseded;
    const given = options.signal ? AbortSignal.any([options.signal, superseded.signal]) : superseded.signal;
    const signal = AbortSignal.any([given, this.#closing.signal]);
    try {
      const { tools } = options;
      const call: PreloadCall = { messages, ...(tools ? { tools } : {}) };
      await this.#rpc.call('preload', call, { signal, timeoutMs: this.#preloadTimeoutMs });
    } catch (error) {
      // The child keeps what it had computed, so a preload that was cut short is not a failure.
      if (!given.aborted || this.#closing.signal.aborted) throw error;
    }
  }

  /** Rejects what is pending with `queue-closed`. The child itself belongs to its supervisor. */
  async close(): Promise<void> {
    this.#closing.abort(new ParleyError({ code: 'queue-closed', stage: 'think', message: 'The client was closed.' }));
  }
}
