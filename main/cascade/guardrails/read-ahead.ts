/** An iterable that can be read to its end before its items are used. */
export class ReadAhead<Item> {
  readonly #iterator: AsyncIterator<Item>;
  readonly #waiting: Item[] = [];

  constructor(items: AsyncIterable<Item>) {
    this.#iterator = items[Symbol.asyncIterator]();
  }

  /** Read, not used yet. */
  get waiting(): readonly Item[] {
    return this.#waiting;
  }

  /** Undefined at the end. */
  async next(): Promise<Item | undefined> {
    if (this.#waiting.length > 0) return this.#waiting.shift();
    const result = await this.#iterator.next();
    return result.done ? undefined : result.value;
  }

  /** Bounded by the length of one answer. */
  async drain(): Promise<void> {
    for (let result = await this.#iterator.next(); !result.done; result = await this.#iterator.next()) {
      this.#waiting.push(result.value);
    }
  }

  /** Whoever writes may stop. */
  async close(): Promise<void> {
    await this.#iterator.return?.();
  }
}
