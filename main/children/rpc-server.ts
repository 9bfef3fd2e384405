import { ParleyError, type ErrorCode, type Stage } from '../contract/errors.ts';
import { onAbort } from '../lib/abort.ts';
import { deferred, type Deferred } from '../lib/deferred.ts';
import type { RpcMessage } from './rpc-messages.ts';

export interface RpcContext {
  /** Aborted with a ParleyError on cancel, deadline or loss of the link. */
  signal: AbortSignal;
  /** The same answer for a synchronous loop that does not let the event loop run: true as soon as the caller has given up. */
  isCancelled(): boolean;
}

/** Params are what the peer's client sent; both ends are of one build, so their types are a matter of the two files. */
export interface RpcHandlers {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  calls?: Record<string, (params: any, context: RpcContext) => Promise<unknown>>;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  streams?: Record<string, (params: any, context: RpcContext) => AsyncIterable<unknown>>;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  notifications?: Record<string, (params: any) => void>;
}

interface Served {
  controller: AbortController;
  credit: number;
  moreCredit: Deferred<void> | undefined;
}

/** The half of a peer that answers. */
export class RpcServer {
  readonly #stage: Stage;
  readonly #handlers: RpcHandlers;
  readonly #post: (message: RpcMessage) => void;
  readonly #isCancelled: (id: number) => boolean;
  readonly #served = new Map<number, Served>();

  constructor(options: {
    stage: Stage;
    handlers: RpcHandlers;
    post: (message: RpcMessage) => void;
    isCancelled: (id: number) => boolean;
  }) {
    this.#stage = options.stage;
    this.#handlers = options.handlers;
    this.#post = options.post;
    this.#isCancelled = options.isCancelled;
  }

  get servedCount(): number {
    return this.#served.size;
  }

  call(message: { id: number; method: string; params: unknown }): void {
    const served = this.#admit(message.id, 0);
    void this.#run(message.id, served, async (context) => {
      const handler = own(this.#handlers.calls, message.method) ?? this.#unknown(message.method);
      const value = await handler(message.params, context);
      if (!served.controller.signal.aborted) this.#post({ type: 'result', id: message.id, value });
    });
  }

  stream(message: { id: number; method: string; params: unknown; credit: number }): void {
    const served = this.#admit(message.id, message.credit);
    void this.#run(message.id, served, async (context) => {
      const handler = own(this.#handlers.streams, message.method) ?? this.#unknown(message.method);
      await this.#pump(message.id, served, handler(message.params, context));
      if (!served.controller.signal.aborted) this.#post({ type: 'end', id: message.id });
    });
  }

  credit(message: { id: number; count: number }): void {
    const served = this.#served.get(message.id);
    if (!served) return;
    served.credit += message.count;
    served.moreCredit?.resolve();
    served.moreCredit = undefined;
  }

  cancel(message: { id: number; code: ErrorCode }): void {
    const error = new ParleyError({ code: message.code, stage: this.#stage, retryable: true });
    this.#served.get(message.id)?.controller.abort(error);
  }

  /** Returns false when nobody listens. */
  notify(message: { method: string; params: unknown }): boolean {
    const handler = own(this.#handlers.notifications, message.method);
    handler?.(message.params);
    return handler !== undefined;
  }

  abortAll(error: ParleyError): void {
    for (const served of this.#served.values()) served.controller.abort(error);
  }

  #admit(id: number, credit: number): Served {
    const served: Served = { controller: new AbortController(), credit, moreCredit: undefined };
    this.#served.set(id, served);
    served.controller.signal.addEventListener('abort', () => served.moreCredit?.resolve(), { once: true });
    return served;
  }

  async #run(id: number, served: Served, work: (context: RpcContext) => Promise<void>): Promise<void> {
    const { signal } = served.controller;
    try {
      await work({ signal, isCancelled: () => signal.aborted || this.#isCancelled(id) });
    } catch (cause) {
      // Who gave up is not told why the work stopped: it knows, and its entry is gone.
      if (signal.aborted) return;
      this.#post({ type: 'error', id, error: ParleyError.from(cause, this.#stage, 'engine-failed').serialise() });
    } finally {
      this.#served.delete(id);
    }
  }

  /** Sends items as credit allows. Leaves at once on abort, even if the producer is stuck in its next item. */
  async #pump(id: number, served: Served, items: AsyncIterable<unknown>): Promise<void> {
    const { signal } = served.controller;
    const iterator = items[Symbol.asyncIterator]();
    let finished = false;
    try {
      for (;;) {
        const next = await unlessAborted(signal, iterator.next());
        if (next?.done) finished = true;
        if (!next || next.done) return;
        while (served.credit === 0 && !signal.aborted) {
          served.moreCredit = deferred();
          await served.moreCredit.promise;
        }
        if (signal.aborted) return;
        served.credit--;
        this.#post({ type: 'item', id, value: next.value });
      }
    } finally {
      // Lets the producer clean up; not awaited, since it may sit in native code for a while yet.
      if (!finished) void Promise.resolve(iterator.return?.()).catch(() => {});
    }
  }

  #unknown(method: string): never {
    throw new ParleyError({ code: 'internal', stage: this.#stage, message: `No method "${method}".`, detail: method });
  }
}

function own<T>(table: Record<string, T> | undefined, name: string): T | undefined {
  return table && Object.hasOwn(table, name) ? table[name] : undefined;
}

/** What the promise gives, or undefined as soon as the signal aborts; what comes later is dropped, be it an error. */
async function unlessAborted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T | undefined> {
  const aborted = deferred<undefined>();
  const stopListening = onAbort(signal, () => aborted.resolve(undefined));
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    stopListening();
  }
}
