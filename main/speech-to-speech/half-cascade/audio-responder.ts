import OpenAI from 'openai';
import { answerLength } from '../../cascade/answer-length.ts';
import { AnswerWriter } from '../../cascade/answer-writer.ts';
import { promptMessages } from '../../cascade/prompt.ts';
import { ParleyError } from '../../contract/errors.ts';
import { throwIfAborted } from '../../lib/abort.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ReplyPiece, ReplyRequest, RespondOptions, Responder } from '../../ports/responder.ts';
import { connectionError, statusError } from '../connection/connection-errors.ts';
import { CAPTURE_RATE_HZ } from './utterance-audio.ts';
import { wavBytes } from './wav-bytes.ts';

/** A model that hears, behind an OpenAI-compatible chat endpoint. */
export interface AudioEndpoint {
  /** Up to and including the version. */
  url: string;
  model: string;
}

export interface AudioResponderOptions {
  endpoint: AudioEndpoint;
  clock: Clock;
  /** Asked for at every answer and kept nowhere. */
  apiKey(): Promise<string | undefined>;
  /** How the words have sounded; undefined when they were typed. */
  soundOf(userText: string): Float32Array | undefined;
}

/** Until the first words: a model that hears reads the sound first. */
const FIRST_WORDS_WITHIN_MS = 20_000;
const LABEL = 'The model that hears';
const HEARS =
  ' You hear the user: what comes as sound is what they say now. Mind how it is said, and never say that you were given a recording.';

/** Answers what was heard as sound, not as words; what was said before it knows as words. */
export class AudioResponder implements Responder {
  readonly #options: AudioResponderOptions;

  constructor(options: AudioResponderOptions) {
    this.#options = options;
  }

  async *respond(request: ReplyRequest, { signal }: RespondOptions = {}): AsyncIterable<ReplyPiece> {
    yield { type: 'source', source: 'model' };
    const { sentences, tokens } = answerLength(request.userText);
    const writer = new AnswerWriter({ maxSentences: sentences });
    let isFirst = true;
    for await (const words of this.#words(request, tokens, signal)) {
      if (isFirst) yield { type: 'first-token' };
      isFirst = false;
      yield* writer.push(words);
      // Leaving the loop closes the connection.
      if (writer.isFull) return;
    }
    yield* writer.endStretch();
  }

  /** The sound is sent when it is whole. */
  anticipate(): void {}

  async *#words(request: ReplyRequest, maxTokens: number, signal: AbortSignal | undefined): AsyncGenerator<string> {
    const { endpoint, clock, apiKey } = this.#options;
    const late = new AbortController();
    const stopWaiting = clock.schedule(FIRST_WORDS_WITHIN_MS, () =>
      late.abort(connectionError('call-timeout', { label: LABEL })),
    );
    const either = signal ? AbortSignal.any([signal, late.signal]) : late.signal;
    try {
      const client = new OpenAI({ baseURL: endpoint.url, apiKey: (await apiKey()) ?? 'none', maxRetries: 0 });
      const { model } = endpoint;
      const messages = this.#messages(request);
      const chunks = await client.chat.completions.create(
        { model, messages, stream: true, max_tokens: maxTokens, modalities: ['text'] },
        { signal: either },
      );
      for await (const { choices } of chunks) {
        stopWaiting();
        if (choices[0]?.delta.content) yield choices[0].delta.content;
      }
      // The client ends an aborted stream as if it were complete.
      throwIfAborted(either, 'think');
    } catch (cause) {
      throwIfAborted(either, 'think');
      throw errorOf(cause);
    } finally {
      stopWaiting();
    }
  }

  #messages(request: ReplyRequest): OpenAI.ChatCompletionMessageParam[] {
    const messages = promptMessages(request) as OpenAI.ChatCompletionMessageParam[];
    const pcm = this.#options.soundOf(request.userText);
    if (!pcm) return messages;
    const data = wavBytes(pcm, CAPTURE_RATE_HZ).toString('base64');
    const [system, ...rest] = messages;
    return [
      { role: 'system', content: `${String(system!.content)}${HEARS}` },
      ...rest.slice(0, -1),
      { role: 'user', content: [{ type: 'input_audio', input_audio: { data, format: 'wav' } }] },
    ];
  }
}

function errorOf(cause: unknown): ParleyError {
  if (cause instanceof ParleyError) return cause;
  if (cause instanceof OpenAI.APIError && cause.status !== undefined) return statusError(cause.status, LABEL);
  return connectionError('endpoint-unreachable', { label: LABEL, cause });
}
