import { ParleyError } from '../../contract/errors.ts';
import { abortError, onAbort } from '../../lib/abort.ts';
import { deferred, type Deferred } from '../../lib/deferred.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ToolBox, ToolCall, ToolCallContext, ToolOffer, ToolResult } from '../../ports/tool.ts';

/** A client that never gives a result must not hold the conversation for ever. */
const RESULT_LIMIT_MS = 60_000;
const REMEMBERED_CALLS = 64;

/** The tools that a client has declared: a call goes out to it, and its result comes back as an item. */
export class ClientTools implements ToolBox {
  readonly #clock: Clock;
  readonly #onCall: (call: ToolCall) => void;
  readonly #onGivenUp: () => void;
  readonly #waiting = new Map<string, Deferred<string>>();
  /** Calls that the client was told of: their results may come late. */
  readonly #told = new Set<string>();
  #offers: ToolOffer[] = [];

  constructor(options: {
    clock: Clock;
    onCall(call: ToolCall): void;
    /** No result came in time. */ onGivenUp(): void;
  }) {
    this.#clock = options.clock;
    this.#onCall = options.onCall;
    this.#onGivenUp = options.onGivenUp;
  }

  offers(): ToolOffer[] {
    return this.#offers;
  }

  set(offers: ToolOffer[]): void {
    this.#offers = offers;
  }

  async call(call: ToolCall, context: ToolCallContext): Promise<ToolResult> {
    await context.released;
    const result = deferred<string>();
    this.#waiting.set(call.id, result);
    const stopWatching = onAbort(context.signal, () => result.reject(abortError(context.signal, 'tool')));
    const cancelLimit = this.#clock.schedule(RESULT_LIMIT_MS, () => {
      result.resolve('The program that offers this tool gave no result.');
      this.#onGivenUp();
    });
    this.#told.add(call.id);
    if (this.#told.size > REMEMBERED_CALLS) this.#told.delete(this.#told.values().next().value!);
    context.onRunning?.();
    this.#onCall(call);
    try {
      return { text: await result.promise, failed: false, outside: true };
    } finally {
      stopWatching();
      cancelLimit();
      this.#waiting.delete(call.id);
    }
  }

  /** False: there was no such call. A result that nobody waits for any more is taken and forgotten. */
  resolve(callId: string, output: string): boolean {
    this.#waiting.get(callId)?.resolve(output);
    return this.#told.has(callId);
  }

  close(): void {
    for (const waiting of this.#waiting.values()) waiting.reject(closed());
  }
}

const closed = () => new ParleyError({ code: 'cancelled', stage: 'tool', message: 'the client has left' });
