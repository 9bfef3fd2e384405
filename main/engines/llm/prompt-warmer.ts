import type { Clock } from '../../ports/clock.ts';

/** A server that is this fast has computed only what was new: it keeps what it computed before. */
const FAST_MS = 300;
/** The first request may load the model, and one slow answer may be the machine's mood. */
const MAX_SLOW = 3;
/** Partial transcripts come faster than they bring words worth computing. */
const LEAST_INTERVAL_MS = 400;

export interface PromptWarmerOptions {
  clock: Pick<Clock, 'nowMs'>;
}

/**
 * Has a server compute a prompt while the user is still speaking, by asking it for one token. For servers that keep what they have computed
 * (llama-server, Ollama, LM Studio, vLLM); one that does not, or whose model is too slow for it, is noticed and left alone.
 */
export class PromptWarmer {
  readonly #clock: Pick<Clock, 'nowMs'>;
  #running: AbortController | null = null;
  #lastMs = -Infinity;
  #slowCount = 0;

  constructor({ clock }: PromptWarmerOptions) {
    this.#clock = clock;
  }

  /**
   * Resolves when the server has done so, or at once when it should not be asked now: while it still computes the last one (newer words
   * come soon), too soon after it, or any more. Never rejects: nothing hangs on it.
   */
  async warm(ask: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const sinceMs = this.#clock.nowMs();
    if (this.#running || this.#slowCount >= MAX_SLOW || sinceMs < this.#lastMs + LEAST_INTERVAL_MS) return;
    const running = new AbortController();
    this.#running = running;
    this.#lastMs = sinceMs;
    try {
      await ask(running.signal);
      this.#slowCount = this.#clock.nowMs() - sinceMs > FAST_MS ? this.#slowCount + 1 : 0;
    } catch {
      if (!running.signal.aborted) this.#slowCount++;
    } finally {
      if (this.#running === running) this.#running = null;
    }
  }

  /** An answer is wanted: it must not wait behind what was computed for it. */
  giveWay(): void {
    this.#running?.abort();
    this.#running = null;
  }
}
