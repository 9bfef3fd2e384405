import OpenAI from 'openai';
import { ParleyError } from '../../contract/errors.ts';
import { throwIfAborted } from '../../lib/abort.ts';
import { isLoopbackUrl } from '../../lib/loopback-url.ts';
import { StreamedToolCalls, toolMessages, toolParams } from '../../lib/openai-tools.ts';
import type { CallOptions } from '../../ports/call-options.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ChatMessage, Llm, LlmPiece, LlmRequest, PreloadOptions, ToolRequest } from '../../ports/llm.ts';
import { OneAtATime } from './one-at-a-time.ts';
import { endpointError } from './openai-errors.ts';
import { PromptWarmer } from './prompt-warmer.ts';
import { DEFAULT_MAX_TOKENS } from './request-defaults.ts';

export interface OpenAiCompatibleOptions {
  /** Up to and including the version, such as http://127.0.0.1:11434/v1. */
  baseUrl: string;
  model: string;
  /** Local servers mostly want none. Never logged and never in an error. */
  apiKey?: string;
  clock: Clock;
  /** Longest wait for the first sign of an answer. Default 30 s: local servers load the model at the first request. */
  firstTokenTimeoutMs?: number;
  /** Longest silence in mid-answer. Default 10 s. */
  stallTimeoutMs?: number;
}

const DEFAULT_FIRST_TOKEN_TIMEOUT_MS = 30_000;
const DEFAULT_STALL_TIMEOUT_MS = 10_000;
/** Our own deadline comes first; the client's timer is for what happens before the request is on its way. */
const CLIENT_TIMEOUT_MARGIN_MS = 5_000;

/**
 * Any server that speaks OpenAI's chat completions: Ollama, LM Studio, llama-server, vLLM, hosted ones. Errors:
 * `endpoint-unreachable`, `endpoint-refused`, `endpoint-rate-limited`, `call-timeout`, `prompt-too-long` (where the server says
 * so), `engine-failed`. Nothing is tried twice: the caller knows whether the moment has passed.
 */
export class OpenAiCompatibleLlm implements Llm {
  readonly #client: OpenAI;
  readonly #host: string;
  readonly #model: string;
  readonly #clock: Clock;
  readonly #firstTokenTimeoutMs: number;
  readonly #stallTimeoutMs: number;
  readonly #queue = new OneAtATime('think');
  readonly #warmer: PromptWarmer | null;

  /** Throws `bad-input` when `baseUrl` is not an http(s) address. */
  constructor(options: OpenAiCompatibleOptions) {
    this.#host = hostOf(options.baseUrl);
    this.#model = options.model;
    this.#clock = options.clock;
    this.#firstTokenTimeoutMs = options.firstTokenTimeoutMs ?? DEFAULT_FIRST_TOKEN_TIMEOUT_MS;
    this.#stallTimeoutMs = options.stallTimeoutMs ?? DEFAULT_STALL_TIMEOUT_MS;
    // Elsewhere computing ahead costs somebody money, and is sent over a network.
    this.#warmer = isLoopbackUrl(options.baseUrl) ? new PromptWarmer(options) : null;
    this.#client = new OpenAI({
      baseURL: options.baseUrl,
      // The client insists on a key, and would otherwise take one of another service from the environment.
      apiKey: options.apiKey || 'none',
      organization: null,
      project: null,
      maxRetries: 0,
      timeout: this.#firstTokenTimeoutMs + CLIENT_TIMEOUT_MARGIN_MS,
      // It logs what it cannot parse, and that is speech.
      logLevel: 'off',
    });
  }

  generate(request: LlmRequest, options: CallOptions = {}): AsyncIterable<string> {
    this.#warmer?.giveWay();
    const work = (emit: (text: string) => Promise<void>, signal: AbortSignal): Promise<void> =>
      this.#generate(request, async (piece) => (piece.type === 'text' ? emit(piece.text) : undefined), signal);
    return this.#queue.stream<string>(work, options);
  }

  /** What the server does with tools that its model cannot use is its business: some refuse the request, which is `endpoint-refused`. */
  supportsTools(): Promise<boolean> {
    return Promise.resolve(true);
  }

  converse(request: ToolRequest, options: CallOptions = {}): AsyncIterable<LlmPiece> {
    this.#warmer?.giveWay();
    return this.#queue.stream<LlmPiece>((emit, signal) => this.#generate(request, emit, signal), options);
  }

  /**
   * Has a server on this machine compute what the user has said so far (PromptWarmer); resolves at once for others. An abort is not passed on:
   * most servers finish what they were asked for anyway, and newer words go on from it.
   */
  async preload(messages: ChatMessage[], { tools = [] }: PreloadOptions = {}): Promise<void> {
    if (this.#queue.closed) throw new ParleyError({ code: 'queue-closed', stage: 'think' });
    const last = messages.at(-1);
    // What came before the user's words was computed for the last answer.
    if (last?.role !== 'user' || last.content === '') return;
    const request = { messages, tools, maxTokens: 1 };
    await this.#warmer?.warm(async (signal) => {
      const chunks = await this.#client.chat.completions.create(this.#body(request), { signal });
      for await (const _ of chunks);
    });
  }

  close(): Promise<void> {
    this.#warmer?.giveWay();
    return this.#queue.close();
  }

  async #generate(
    request: LlmRequest | ToolRequest,
    emit: (piece: LlmPiece) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    const toolCalls = new StreamedToolCalls();
    const silence = new SilenceWatch(this.#clock);
    const requestSignal = AbortSignal.any([signal, silence.signal]);
    try {
      silence.restart(this.#firstTokenTimeoutMs);
      const chunks = await this.#client.chat.completions.create(this.#body(request), { signal: requestSignal });
      // Leaving this loop, also by throwing, closes the connection.
      for await (const chunk of chunks) {
        throwIfAborted(requestSignal, 'think');
        const delta = chunk.choices[0]?.delta;
        silence.stop();
        if (delta?.content) await emit({ type: 'text', text: delta.content });
        toolCalls.push(delta?.tool_calls ?? []);
        silence.restart(this.#stallTimeoutMs);
      }
      // The client ends an aborted stream as if it were complete.
      throwIfAborted(requestSignal, 'think');
      silence.stop();
      for (const call of toolCalls.end()) await emit({ type: 'tool-call', call });
    } catch (cause) {
      throwIfAborted(requestSignal, 'think');
      throw endpointError(cause, this.#host);
    } finally {
      silence.stop();
    }
  }

  #body(request: LlmRequest | ToolRequest): OpenAI.ChatCompletionCreateParamsStreaming {
    const maxTokens = request.maxTokens ?? DEFAULT_MAX_TOKENS;
    return {
      model: this.#model,
      messages: toolMessages(request.messages),
      stream: true,
      temperature: request.temperature ?? 0,
      ...(request.seed === undefined ? {} : { seed: request.seed }),
      ...('tools' in request && request.tools.length > 0 ? toolParams(request) : {}),
      // OpenAI's newer models refuse the old name; other servers know only that one.
      ...(this.#host === 'api.openai.com' ? { max_completion_tokens: maxTokens } : { max_tokens: maxTokens }),
    };
  }
}

/** Aborts its signal with `call-timeout` when nothing has come for too long. */
class SilenceWatch {
  readonly #clock: Clock;
  readonly #controller = new AbortController();
  #cancelTimer: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  restart(timeoutMs: number): void {
    this.stop();
    this.#cancelTimer = this.#clock.schedule(timeoutMs, () => {
      const message = 'The endpoint fell silent.';
      this.#controller.abort(new ParleyError({ code: 'call-timeout', stage: 'think', message, retryable: true }));
    });
  }

  stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }
}

function hostOf(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url.host;
  const message = 'The address of the endpoint is not an http or https address.';
  throw new ParleyError({ code: 'bad-input', stage: 'think', message });
}
