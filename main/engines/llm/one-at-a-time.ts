import { ParleyError, type Stage } from '../../contract/errors.ts';
import { onAbort, throwIfAborted } from '../../lib/abort.ts';
import { BoundedQueue } from '../../lib/bounded-queue.ts';
import { SerialQueue } from '../../lib/serial-queue.ts';

/** Pieces of text that a generation may be ahead of its reader; then it waits. A whole spoken answer fits. */
const STREAM_CAPACITY_ITEMS = 256;

/** Hands out the engine to one piece of work at a time, in the order of asking; closing aborts the one in hand. */
export class OneAtATime {
  readonly #stage: Stage;
  readonly #closing = new AbortController();
  readonly #queue: SerialQueue;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#queue = new SerialQueue(stage);
  }

  get closed(): boolean {
    return this.#closing.signal.aborted;
  }

  /**
   * Runs `work` when everything before it is done. Abort while waiting rejects with `cancelled` and the work never begins; later
   * it is up to `work`, which gets a signal that is also aborted on close. After `close()` rejects with `queue-closed`.
   */
  async run<T>(work: (signal: AbortSignal) => Promise<T>, options: { signal?: AbortSignal } = {}): Promise<T> {
    const closing = this.#closing.signal;
    const signal = options.signal ? AbortSignal.any([closing, options.signal]) : closing;
    return this.#queue.run(() => work(signal), signal);
  }

  /**
   * The same for work that makes a stream. It runs ahead of the reader by a bounded number of items. Leaving the loop early
   * aborts the work and waits for its end; nothing that was made before an abort is delivered after it.
   */
  async *stream<T>(
    work: (emit: (item: T) => Promise<void>, signal: AbortSignal) => Promise<void>,
    options: { signal?: AbortSignal } = {},
  ): AsyncGenerator<T, void, undefined> {
    const items = new BoundedQueue<T>({ capacity: STREAM_CAPACITY_ITEMS, policy: 'wait' });
    const left = new AbortController();
    const signal = options.signal ? AbortSignal.any([options.signal, left.signal]) : left.signal;
    const emit = async (item: T) => void (await items.push(item));
    let stopListening = () => {};
    const abortable = (runSignal: AbortSignal) => {
      // Also on close, when the work may be waiting for a reader that will never come.
      stopListening = onAbort(runSignal, () => items.abandon());
      return work(emit, runSignal);
    };
    const running = this.run(abortable, { signal }).finally(() => items.close());
    running.catch(() => {});
    try {
      for await (const item of items) {
        if (signal.aborted || this.closed) break;
        yield item;
      }
      await running;
      throwIfAborted(signal, this.#stage);
    } finally {
      stopListening();
      left.abort();
      await running.catch(() => {});
    }
  }

  /** Aborts what runs and waits, both with `queue-closed`; resolves when nothing runs any more. Safe to call twice. */
  async close(): Promise<void> {
    const message = 'The engine was closed.';
    if (!this.closed) this.#closing.abort(new ParleyError({ code: 'queue-closed', stage: this.#stage, message }));
    await this.#queue.close();
  }
}
