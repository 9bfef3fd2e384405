import type { Clock } from '../../ports/clock.ts';

export interface TransferProgress {
  /** What is being transferred now. */
  label: string;
  doneBytes: number;
  totalBytes: number;
  /** Over the last seconds; 0 until there is something to go by. */
  bytesPerSecond: number;
  secondsLeft: number | null;
}

const RATE_WINDOW_MS = 5000;

interface Transfer {
  bytes: number;
  doneBytes: number | null;
}

/** Adds up transfers of known size, some of which turn out to be others: a package instead of three files. */
export class TransferTally {
  readonly #clock: Clock;
  readonly #onProgress: ((progress: TransferProgress) => void) | undefined;
  readonly #transfers = new Map<string, Transfer>();
  #history: { atMs: number; movedBytes: number }[] = [];
  #movedBytes = 0;

  constructor({
    clock,
    onProgress,
  }: {
    clock: Clock;
    onProgress?: ((progress: TransferProgress) => void) | undefined;
  }) {
    this.#clock = clock;
    this.#onProgress = onProgress;
  }

  /** Something of this size will be transferred. Said twice, it counts once. */
  expect(key: string, bytes: number): void {
    if (!this.#transfers.has(key)) this.#transfers.set(key, { bytes, doneBytes: null });
  }

  /** It will not be, after all. */
  forget(key: string): void {
    this.#transfers.delete(key);
  }

  /** So much of it is here. The first report is what was here before, and does not count towards the rate. */
  report(key: string, doneBytes: number, label: string): void {
    const transfer = this.#transfers.get(key);
    if (!transfer) return;
    const bounded = Math.min(doneBytes, transfer.bytes);
    if (transfer.doneBytes !== null) this.#movedBytes += Math.max(0, bounded - transfer.doneBytes);
    transfer.doneBytes = bounded;
    this.#onProgress?.(this.#progress(label));
  }

  finish(key: string, label: string): void {
    this.report(key, Infinity, label);
  }

  #progress(label: string): TransferProgress {
    const nowMs = this.#clock.nowMs();
    this.#history = this.#history.filter(({ atMs }) => nowMs - atMs <= RATE_WINDOW_MS);
    this.#history.push({ atMs: nowMs, movedBytes: this.#movedBytes });
    const oldest = this.#history[0] as { atMs: number; movedBytes: number };
    const spanMs = nowMs - oldest.atMs;
    const bytesPerSecond = spanMs > 0 ? ((this.#movedBytes - oldest.movedBytes) * 1000) / spanMs : 0;
    const all = [...this.#transfers.values()];
    const doneBytes = all.reduce((sum, transfer) => sum + (transfer.doneBytes ?? 0), 0);
    const totalBytes = all.reduce((sum, transfer) => sum + transfer.bytes, 0);
    const secondsLeft = bytesPerSecond > 0 ? (totalBytes - doneBytes) / bytesPerSecond : null;
    return { label, doneBytes, totalBytes, bytesPerSecond, secondsLeft };
  }
}
