import { OneAtATime } from '../../main/engines/llm/one-at-a-time.ts';
import { ParleyError } from '../../main/contract/errors.ts';
import { onAbort, throwIfAborted } from '../../main/lib/abort.ts';
import { deferred } from '../../main/lib/deferred.ts';
import type { CallOptions } from '../../main/ports/call-options.ts';
import type { ChatMessage, Llm, LlmRequest } from '../../main/ports/llm.ts';

// Taken when the module loads, so that a test which replaces the global timers cannot hang us.
const nextMacrotask = globalThis.setImmediate;

export interface FakeLlmOptions {
  /** Default: says back what the last message says, with a word in front. */
  reply?: (request: LlmRequest) => string;
  /** Words that prompt and answer together may have. Default 500. */
  capacityTokens?: number;
}

/** A language model whose tokens are words and whose thoughts are the test's. */
export class FakeLlm implements Llm {
  /** What was asked, in the order in which the work began. */
  readonly requests: LlmRequest[] = [];
  readonly preloads: ChatMessage[][] = [];
  readonly #reply: (request: LlmRequest) => string;
  readonly #capacityTokens: number;
  readonly #queue = new OneAtATime('think');
  #hold: { afterPieces: number; released: Promise<void> } | undefined;
  #failure: { afterPieces: number; error: Error } | undefined;

  constructor(options: FakeLlmOptions = {}) {
    this.#reply = options.reply ?? ((request) => `You said: ${request.messages.at(-1)?.content ?? ''}`);
    this.#capacityTokens = options.capacityTokens ?? 500;
  }

  /** The next generation waits after so many pieces until the returned function is called (or it is aborted). */
  holdNext(afterPieces = 0): () => void {
    const released = deferred<void>();
    this.#hold = { afterPieces, released: released.promise };
    return () => released.resolve();
  }

  /** The next generation throws after so many pieces. */
  failNext(error: Error, afterPieces = 0): void {
    this.#failure = { afterPieces, error };
  }

  generate(request: LlmRequest, options: CallOptions = {}): AsyncIterable<string> {
    return this.#queue.stream<string>((emit, signal) => this.#generate(request, emit, signal), options);
  }

  /** Whole is what does not end on a word that needs another. */
  async sentenceEnd(messages: ChatMessage[], options: CallOptions = {}): Promise<number | null> {
    const isOpen = /\b(to|the|and|is)\W*$/i.test(messages.at(-1)?.content ?? '');
    return this.#queue.run(() => Promise.resolve(isOpen ? 0 : 0.5), options);
  }

  async preload(messages: ChatMessage[], options: CallOptions = {}): Promise<void> {
    try {
      await this.#queue.run(async () => void this.preloads.push(messages), options);
    } catch (error) {
      if (!options.signal?.aborted || this.#queue.closed) throw error;
    }
  }

  close(): Promise<void> {
    return this.#queue.close();
  }

  async #generate(request: LlmRequest, emit: (text: string) => Promise<void>, signal: AbortSignal): Promise<void> {
    const maxTokens = request.maxTokens ?? 160;
    const promptTokens = request.messages.flatMap((message) => words(message.content)).length;
    if (promptTokens + maxTokens > this.#capacityTokens) {
      throw new ParleyError({ code: 'prompt-too-long', stage: 'think' });
    }
    this.requests.push(request);
    const hold = this.#hold;
    const failure = this.#failure;
    this.#hold = undefined;
    this.#failure = undefined;
    const pieces = words(this.#reply(request)).slice(0, maxTokens);
    for (const [index, piece] of [...pieces, ''].entries()) {
      await new Promise<void>((resolve) => nextMacrotask(resolve));
      if (hold?.afterPieces === index) await releasedOrAborted(hold.released, signal);
      throwIfAborted(signal, 'think');
      if (failure?.afterPieces === index) throw failure.error;
      if (piece) await emit(piece);
    }
  }
}

/** Words with the space before them. */
export function words(text: string): string[] {
  return text.match(/\s*\S+/g) ?? [];
}

async function releasedOrAborted(released: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = deferred<void>();
  const stopListening = onAbort(signal, () => aborted.resolve());
  await Promise.race([released, aborted.promise]);
  stopListening();
}
