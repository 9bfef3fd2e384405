import { ParleyError, type Stage } from '../contract/errors.ts';
import { deferred, type Deferred } from '../lib/deferred.ts';

/** Items of one stream on their way to its reader. Never holds more than the credit that was given. */
export class RpcStreamInbox {
  readonly #capacity: number;
  readonly #stage: Stage;
  #items: unknown[] = [];
  #outcome: { error: ParleyError | undefined } | undefined;
  #change: Deferred<void> | undefined;

  constructor(options: { capacity: number; stage: Stage }) {
    this.#capacity = options.capacity;
    this.#stage = options.stage;
  }

  push(value: unknown): void {
    if (this.#outcome) return;
    if (this.#items.length >= this.#capacity) {
      this.fail(
        new ParleyError({ code: 'internal', stage: this.#stage, message: 'A stream sent more than its credit.' }),
      );
      return;
    }
    this.#items.push(value);
    this.#wake();
  }

  /** The producer is done; what is queued is still delivered, then the error, if any. */
  end(error?: ParleyError): void {
    this.#outcome ??= { error };
    this.#wake();
  }

  /** Nothing more is delivered. */
  fail(error: ParleyError): void {
    this.#items = [];
    this.#outcome = { error };
    this.#wake();
  }

  /** Waits for the next item. Throws the stream's error. */
  async next(): Promise<{ done: false; value: unknown } | { done: true }> {
    for (;;) {
      if (this.#items.length > 0) return { done: false, value: this.#items.shift() };
      if (this.#outcome?.error) throw this.#outcome.error;
      if (this.#outcome) return { done: true };
      this.#change = deferred();
      await this.#change.promise;
    }
  }

  #wake(): void {
    this.#change?.resolve();
    this.#change = undefined;
  }
}
