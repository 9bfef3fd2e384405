import { ParleyError, type ErrorCode, type Stage } from '../contract/errors.ts';
import { abortError, onAbort } from '../lib/abort.ts';
import { deferred, type Deferred } from '../lib/deferred.ts';
import type { Clock } from '../ports/clock.ts';
import { MonotonicClock } from '../platform/monotonic-clock.ts';
import type { MessageLink } from './message-link.ts';
import { readRpcMessage, type RpcMessage } from './rpc-messages.ts';
import { RpcServer, type RpcContext, type RpcHandlers } from './rpc-server.ts';
import { RpcStreamInbox } from './rpc-stream-inbox.ts';

export type { RpcContext, RpcHandlers };

/** Items that a stream may be ahead of its reader. Credit is given back by half windows. */
export const STREAM_WINDOW_ITEMS = 32;

export interface RpcCallOptions {
  /** Abort rejects with its ParleyError reason, or `cancelled`, and cancels the work at the other end. */
  signal?: AbortSignal;
  /** Call: the whole of it. Stream: the longest wait for the next item. Rejects with `call-timeout`. Default: no limit. */
  timeoutMs?: number;
}

/** What app-side clients of a child are written against. */
export interface RpcClient {
  /** Rejects with a ParleyError: what the handler threw, `call-timeout`, `cancelled`, or why the link is gone. */
  call<T>(method: string, params: unknown, options?: RpcCallOptions): Promise<T>;
  /** Begins at the first `next()`. Leaving the loop early cancels the work at the other end. Throws like `call`. */
  stream<T>(method: string, params: unknown, options?: RpcCallOptions): AsyncIterable<T>;
  /** No reply; dropped when the other end is not there. */
  notify(method: string, params: unknown): void;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  onNotify(method: string, listener: (params: any) => void): () => void;
}

export interface RpcPeerOptions {
  /** Blamed for failures of the line itself. */
  stage: Stage;
  handlers?: RpcHandlers;
  clock?: Clock;
  /** A cancel flag that is seen before the cancel message is (see cancel-slots.ts). */
  isCancelled?: (id: number) => boolean;
}

export interface RpcPeerCounts {
  /** Messages that were not understood and ignored. */
  malformed: number;
  /** Results and items of requests that had been given up. */
  late: number;
  /** Notifications that nobody listens to. */
  unheard: number;
}

/** One end of a line on which both ends may ask, stream and notify. */
export class RpcPeer implements RpcClient {
  readonly #link: MessageLink;
  readonly #stage: Stage;
  readonly #clock: Clock;
  readonly #server: RpcServer;
  readonly #calls = new Map<number, Deferred<unknown>>();
  readonly #streams = new Map<number, RpcStreamInbox>();
  readonly #listeners = new Map<string, Set<(params: unknown) => void>>();
  readonly #counts: RpcPeerCounts = { malformed: 0, late: 0, unheard: 0 };
  #nextId = 1;
  #closedBy: ParleyError | undefined;

  constructor(link: MessageLink, options: RpcPeerOptions) {
    this.#link = link;
    this.#stage = options.stage;
    this.#clock = options.clock ?? new MonotonicClock();
    this.#server = new RpcServer({
      stage: options.stage,
      handlers: options.handlers ?? {},
      post: (message) => this.#answer(message),
      isCancelled: options.isCancelled ?? (() => false),
    });
    link.onMessage((message) => this.#receive(message));
    link.onClose(() => this.close());
  }

  get counts(): Readonly<RpcPeerCounts> {
    return this.#counts;
  }

  /** Requests of this end that are not settled. */
  get pendingCount(): number {
    return this.#calls.size + this.#streams.size;
  }

  /** Requests of the other end that are being worked on. */
  get servedCount(): number {
    return this.#server.servedCount;
  }

  async call<T>(method: string, params: unknown, options: RpcCallOptions = {}): Promise<T> {
    const { signal, timeoutMs } = options;
    if (this.#closedBy) throw this.#closedBy;
    if (signal?.aborted) throw abortError(signal, this.#stage);
    const id = this.#nextId++;
    const outcome = deferred<unknown>();
    this.#calls.set(id, outcome);
    const giveUp = (error: ParleyError) => {
      if (!this.#calls.delete(id)) return;
      outcome.reject(error);
      this.#post({ type: 'cancel', id, code: error.code });
    };
    const stopListening = onAbort(signal, () => giveUp(abortError(signal!, this.#stage)));
    const stopTimer =
      timeoutMs === undefined ? undefined : this.#clock.schedule(timeoutMs, () => giveUp(this.#timeout(method)));
    try {
      this.#ask({ type: 'call', id, method, params });
      return (await outcome.promise) as T;
    } finally {
      this.#calls.delete(id);
      stopListening();
      stopTimer?.();
    }
  }

  async *stream<T>(method: string, params: unknown, options: RpcCallOptions = {}): AsyncGenerator<T, void, undefined> {
    const { signal } = options;
    if (this.#closedBy) throw this.#closedBy;
    if (signal?.aborted) throw abortError(signal, this.#stage);
    const id = this.#nextId++;
    const inbox = new RpcStreamInbox({ capacity: STREAM_WINDOW_ITEMS, stage: this.#stage });
    this.#streams.set(id, inbox);
    const stopListening = onAbort(signal, () => inbox.fail(abortError(signal!, this.#stage)));
    let code: ErrorCode = 'cancelled';
    try {
      this.#ask({ type: 'stream', id, method, params, credit: STREAM_WINDOW_ITEMS });
      let taken = 0;
      for (;;) {
        const next = await this.#nextItem(inbox, method, options.timeoutMs);
        if (next.done) return;
        if (++taken === STREAM_WINDOW_ITEMS / 2) {
          this.#post({ type: 'credit', id, count: taken });
          taken = 0;
        }
        yield next.value as T;
      }
    } catch (error) {
      if (error instanceof ParleyError) code = error.code;
      throw error;
    } finally {
      stopListening();
      // Still in the map: the other end has not said that it is done.
      if (this.#streams.delete(id)) this.#post({ type: 'cancel', id, code });
    }
  }

  notify(method: string, params: unknown): void {
    this.#post({ type: 'notify', method, params });
  }

  onNotify(method: string, listener: (params: unknown) => void): () => void {
    const listeners = this.#listeners.get(method) ?? new Set();
    this.#listeners.set(method, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /** Closes the link and settles every request of both ends with `error` (default `child-exited`). */
  close(error?: ParleyError): void {
    if (this.#closedBy) return;
    this.#closedBy = error ?? new ParleyError({ code: 'child-exited', stage: this.#stage, retryable: true });
    const calls = [...this.#calls.values()];
    const streams = [...this.#streams.values()];
    this.#calls.clear();
    this.#streams.clear();
    for (const call of calls) call.reject(this.#closedBy);
    for (const inbox of streams) inbox.fail(this.#closedBy);
    this.#server.abortAll(this.#closedBy);
    this.#link.close();
  }

  async #nextItem(inbox: RpcStreamInbox, method: string, timeoutMs: number | undefined) {
    if (timeoutMs === undefined) return inbox.next();
    const stopTimer = this.#clock.schedule(timeoutMs, () => inbox.fail(this.#timeout(method)));
    try {
      return await inbox.next();
    } finally {
      stopTimer();
    }
  }

  #receive(raw: unknown): void {
    if (this.#closedBy) return;
    const message = readRpcMessage(raw);
    if (!message) {
      this.#counts.malformed++;
      return;
    }
    switch (message.type) {
      case 'call':
        return this.#server.call(message);
      case 'stream':
        return this.#server.stream(message);
      case 'credit':
        return this.#server.credit(message);
      case 'cancel':
        return this.#server.cancel(message);
      case 'notify':
        return this.#notified(message);
      case 'result':
        return this.#settleCall(message.id, (call) => call.resolve(message.value));
      case 'item':
        return this.#settleStream(message.id, (inbox) => inbox.push(message.value));
      case 'end':
        return this.#settleStream(message.id, (inbox) => this.#streams.delete(message.id) && inbox.end());
      case 'error':
        return this.#failed(message.id, ParleyError.deserialise(message.error));
      default:
        return message satisfies never;
    }
  }

  #settleCall(id: number, settle: (call: Deferred<unknown>) => void): void {
    const call = this.#calls.get(id);
    if (!call) this.#counts.late++;
    this.#calls.delete(id);
    if (call) settle(call);
  }

  #settleStream(id: number, settle: (inbox: RpcStreamInbox) => void): void {
    const inbox = this.#streams.get(id);
    if (inbox) settle(inbox);
    else this.#counts.late++;
  }

  #failed(id: number, error: ParleyError): void {
    const inbox = this.#streams.get(id);
    if (!inbox) return this.#settleCall(id, (call) => call.reject(error));
    this.#streams.delete(id);
    inbox.end(error);
  }

  #notified(message: { method: string; params: unknown }): void {
    const handled = this.#server.notify(message);
    const listeners = this.#listeners.get(message.method);
    for (const listener of listeners ?? []) listener(message.params);
    if (!handled && !listeners?.size) this.#counts.unheard++;
  }

  #ask(message: RpcMessage): void {
    try {
      this.#post(message);
    } catch (cause) {
      throw ParleyError.from(cause, this.#stage);
    }
  }

  /** A result that cannot be cloned is the handler's fault and must not leave its caller waiting. */
  #answer(message: RpcMessage): void {
    try {
      this.#post(message);
    } catch (cause) {
      if (message.type === 'notify') throw cause;
      const error = ParleyError.from(cause, this.#stage, 'engine-failed').serialise();
      this.#post({ type: 'error', id: message.id, error });
    }
  }

  #post(message: RpcMessage): void {
    if (!this.#closedBy) this.#link.post(message);
  }

  #timeout(method: string): ParleyError {
    return new ParleyError({ code: 'call-timeout', stage: this.#stage, retryable: true, detail: method });
  }
}
