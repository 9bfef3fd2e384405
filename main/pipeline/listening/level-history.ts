/** Levels in dBFS of the last windows of a stream. */
export class LevelHistory {
  readonly #capacity: number;
  readonly #levels: number[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  add(levelDbfs: number): void {
    this.#levels.push(levelDbfs);
    if (this.#levels.length > this.#capacity) this.#levels.shift();
  }

  clear(): void {
    this.#levels.length = 0;
  }

  /** Of the mean power of the last windows, or of as many as there are. NaN without any. */
  meanDbfs(windows: number): number {
    const last = this.#levels.slice(-windows);
    return 10 * Math.log10(last.reduce((power, dbfs) => power + 10 ** (dbfs / 10), 0) / last.length);
  }

  /** `share` of the windows are quieter, 0 ≤ share < 1. NaN without any. */
  quantileDbfs(share: number): number {
    const sorted = this.#levels.toSorted((a, b) => a - b);
    return sorted[Math.floor(share * sorted.length)] ?? NaN;
  }
}
