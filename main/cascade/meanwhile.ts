import { deferred, type Deferred } from '../lib/deferred.ts';

/** What is to be said while something else is awaited. */
export class Meanwhile {
  readonly #words: string[] = [];
  #wake: Deferred<void> = deferred();

  say(words: string): void {
    this.#words.push(words);
    this.#wake.resolve();
  }

  /** The words as they come, until `work` has settled, however it settled. */
  async *until(work: Promise<unknown>): AsyncGenerator<string, void, undefined> {
    let settled = false;
    const end = (): void => {
      settled = true;
      this.#wake.resolve();
    };
    work.then(end, end);
    for (;;) {
      await this.#wake.promise;
      this.#wake = deferred();
      while (this.#words.length > 0) yield this.#words.shift()!;
      if (settled) return;
    }
  }
}
