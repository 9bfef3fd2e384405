import type { Clock } from '../ports/clock.ts';
import { ANSWER_BEGINS_WITHIN_MS } from './lost-turn.ts';

export interface AwaitedAnswerOptions {
  clock: Clock;
  /** It is still awaited then, until somebody calls `end`. */
  onLate(): void;
}

/**
 * A turn that is over and has no answer yet. Whatever else the provider says meanwhile, its answer has to begin in time; while it waits for
 * tools of ours, the time is ours.
 */
export class AwaitedAnswer {
  readonly #options: AwaitedAnswerOptions;
  readonly #calls = new Set<string>();
  #isAwaited = false;
  #stopWaiting: (() => void) | null = null;

  constructor(options: AwaitedAnswerOptions) {
    this.#options = options;
  }

  get isAwaited(): boolean {
    return this.#isAwaited;
  }

  /** The time begins, anew if it was running. */
  begin(): void {
    this.#isAwaited = true;
    this.#wait();
  }

  /** It has begun, or there will be none. */
  end(): void {
    this.#isAwaited = false;
    this.#stopWaiting?.();
    this.#stopWaiting = null;
  }

  toolAsked(callId: string): void {
    this.#calls.add(callId);
    this.#stopWaiting?.();
    this.#stopWaiting = null;
  }

  /** Its result was sent, or is not wanted any more. */
  toolSettled(callId: string): void {
    if (this.#calls.delete(callId) && this.#isAwaited) this.#wait();
  }

  #wait(): void {
    this.#stopWaiting?.();
    this.#stopWaiting =
      this.#calls.size > 0 ? null : this.#options.clock.schedule(ANSWER_BEGINS_WITHIN_MS, this.#options.onLate);
  }
}
