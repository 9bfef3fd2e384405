import { deferred, type Deferred } from './deferred.ts';

/** What a full queue does with one more item: the producer waits, or the oldest item goes and is counted. */
export type OverflowPolicy = 'wait' | 'drop-oldest';

/** A queue that states its capacity and what happens when it is full. One consumer, as an async iterable. */
export class BoundedQueue<T> implements AsyncIterable<T> {
  readonly capacity: number;
  readonly policy: OverflowPolicy;
  #items: T[] = [];
  #dropped = 0;
  #closed = false;
  #room: Deferred<void> | undefined;
  #arrival: Deferred<void> | undefined;

  constructor(options: { capacity: number; policy: OverflowPolicy }) {
    this.capacity = options.capacity;
    this.policy = options.policy;
  }

  get depth(): number {
    return this.#items.length;
  }

  get dropped(): number {
    return this.#dropped;
  }

  /** Resolves to false when the queue was closed and the item was not taken. */
  async push(item: T): Promise<boolean> {
    while (!this.#closed && this.policy === 'wait' && this.#items.length >= this.capacity) {
      this.#room ??= deferred();
      await this.#room.promise;
    }
    if (this.#closed) return false;
    if (this.#items.length >= this.capacity) {
      this.#items.shift();
      this.#dropped++;
    }
    this.#items.push(item);
    this.#arrival?.resolve();
    this.#arrival = undefined;
    return true;
  }

  /** No more items: the consumer gets what is left, waiting producers give up. */
  close(): void {
    this.#closed = true;
    this.#room?.resolve();
    this.#arrival?.resolve();
  }

  /** Drops what is queued and closes. */
  abandon(): void {
    this.#items = [];
    this.close();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    try {
      for (;;) {
        while (this.#items.length > 0) {
          const item = this.#items.shift() as T;
          this.#room?.resolve();
          this.#room = undefined;
          yield item;
        }
        if (this.#closed) return;
        this.#arrival = deferred();
        await this.#arrival.promise;
      }
    } finally {
      this.abandon();
    }
  }
}
