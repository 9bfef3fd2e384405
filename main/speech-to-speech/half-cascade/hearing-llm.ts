import OpenAI from 'openai';
import { ParleyError } from '../../contract/errors.ts';
import { throwIfAborted } from '../../lib/abort.ts';
import { StreamedToolCalls, toolMessages, toolParams } from '../../lib/openai-tools.ts';
import type { CallOptions } from '../../ports/call-options.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ChatMessage, Llm, LlmPiece, LlmRequest, ToolRequest } from '../../ports/llm.ts';
import { connectionError, statusError } from '../connection/connection-errors.ts';
import { CAPTURE_RATE_HZ } from './utterance-audio.ts';
import { wavBytes } from './wav-bytes.ts';

/** A model that hears, behind an OpenAI-compatible chat endpoint. */
export interface AudioEndpoint {
  /** Up to and including the version. */
  url: string;
  model: string;
}

export interface HearingLlmOptions {
  endpoint: AudioEndpoint;
  clock: Clock;
  /** Asked for at every answer and kept nowhere. */
  apiKey(): Promise<string | undefined>;
}

/** Until the first words: a model that hears reads the sound first. */
const FIRST_WORDS_WITHIN_MS = 20_000;
const LABEL = 'The model that hears';
const HEARS =
  ' You hear the user: what comes as sound is what they say now. Mind how it is said, and never say that you were given a recording.';
/** Answers may be begun before the one before them is over. */
const KEPT_TURNS = 4;

/** As the language model of a cascade; what it is sent of the turn of now is the sound, not the words. */
export class HearingLlm implements Llm {
  readonly #options: HearingLlmOptions;
  /** Newest last; null: it was typed. */
  #turns: { userText: string; sound: Float32Array | null }[] = [];

  constructor(options: HearingLlmOptions) {
    this.#options = options;
  }

  /** What is asked next with these words has sounded like this: 16 kHz mono; null for words that were typed. */
  hear(userText: string, sound: Float32Array | null): void {
    this.#turns = [...this.#turns, { userText, sound }].slice(-KEPT_TURNS);
  }

  async *generate(request: LlmRequest, options: CallOptions = {}): AsyncIterable<string> {
    for await (const piece of this.#converse(request, options)) if (piece.type === 'text') yield piece.text;
  }

  /** What the server does with tools that its model cannot use is its business: some refuse the request, which is `endpoint-refused`. */
  supportsTools(): Promise<boolean> {
    return Promise.resolve(true);
  }

  converse(request: ToolRequest, options: CallOptions = {}): AsyncIterable<LlmPiece> {
    return this.#converse(request, options);
  }

  /** The sound is sent when it is whole. */
  preload(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async *#converse(request: LlmRequest | ToolRequest, { signal }: CallOptions): AsyncGenerator<LlmPiece> {
    const { endpoint, clock, apiKey } = this.#options;
    const late = new AbortController();
    const stopWaiting = clock.schedule(FIRST_WORDS_WITHIN_MS, () =>
      late.abort(connectionError('call-timeout', { label: LABEL })),
    );
    const either = signal ? AbortSignal.any([signal, late.signal]) : late.signal;
    const calls = new StreamedToolCalls();
    try {
      const client = new OpenAI({ baseURL: endpoint.url, apiKey: (await apiKey()) ?? 'none', maxRetries: 0 });
      const chunks = await client.chat.completions.create(
        {
          model: endpoint.model,
          messages: this.#messages(request.messages),
          stream: true,
          ...(request.maxTokens === undefined ? {} : { max_tokens: request.maxTokens }),
          modalities: ['text'],
          ...('tools' in request && request.tools.length > 0 ? toolParams(request) : {}),
        },
        { signal: either },
      );
      for await (const { choices } of chunks) {
        stopWaiting();
        const delta = choices[0]?.delta;
        if (delta?.content) yield { type: 'text', text: delta.content };
        calls.push(delta?.tool_calls ?? []);
      }
      // The client ends an aborted stream as if it were complete.
      throwIfAborted(either, 'think');
      for (const call of calls.end()) yield { type: 'tool-call', call };
    } catch (cause) {
      throwIfAborted(either, 'think');
      throw errorOf(cause);
    } finally {
      stopWaiting();
    }
  }

  #messages(messages: readonly ChatMessage[]): OpenAI.ChatCompletionMessageParam[] {
    const asked = messages.findLastIndex(({ role }) => role === 'user');
    const heard = asked < 0 ? null : this.#heardIn(messages[asked]!.content);
    const params = toolMessages(messages);
    if (!heard) return params;
    const data = wavBytes(heard.sound, CAPTURE_RATE_HZ).toString('base64');
    params[0] = { role: 'system', content: `${messages[0]!.content}${HEARS}` };
    params[asked] = {
      role: 'user',
      content: [
        ...inWords(heard.before),
        { type: 'input_audio', input_audio: { data, format: 'wav' } },
        ...inWords(heard.behind),
      ],
    };
    return params;
  }

  /** The words of now are the last line of what is asked: before them what was never answered, perhaps a wish behind them. */
  #heardIn(content: string): { before: string; sound: Float32Array; behind: string } | null {
    const from = content.lastIndexOf('\n') + 1;
    const words = content.slice(from);
    const turn = this.#turns.findLast(({ userText }) => words.startsWith(userText));
    if (!turn?.sound) return null;
    return { before: content.slice(0, from), sound: turn.sound, behind: words.slice(turn.userText.length) };
  }
}

function inWords(words: string): OpenAI.ChatCompletionContentPartText[] {
  const text = words.trim();
  return text === '' ? [] : [{ type: 'text', text }];
}

function errorOf(cause: unknown): ParleyError {
  if (cause instanceof ParleyError) return cause;
  if (cause instanceof OpenAI.APIError && cause.status !== undefined) return statusError(cause.status, LABEL);
  return connectionError('endpoint-unreachable', { label: LABEL, cause });
}
