import type { CallOptions } from '../ports/call-options.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReplyRequest } from '../ports/responder.ts';

/** How probable it is (0 to 1) that the user's words are a whole sentence; null: it cannot be told. Abort throws `cancelled`. */
export type AskSentenceEnd = (request: ReplyRequest, options: CallOptions) => Promise<number | null>;

export interface SentenceEndAskerOptions {
  ask: AskSentenceEnd;
  clock: Clock;
  onAnswer(words: { utteranceId: number; text: string; probability: number | null }): void;
}

/** A pause is judged within 0.2 s at the earliest: a model that takes longer than this comes too late, and its answer waits behind the question. */
const TOO_SLOW_MS = 150;
/** One slow answer may be the machine's mood. */
const MAX_SLOW = 3;

/** Asks the language model whether the words of a pause are a whole sentence. Only the newest words count, and a model that is too slow is left alone. */
export class SentenceEndAsker {
  readonly #options: SentenceEndAskerOptions;
  #asking: AbortController | null = null;
  #isWanted = false;
  #slowCount = 0;

  constructor(options: SentenceEndAskerOptions) {
    this.#options = options;
  }

  /** Never throws: what cannot be told is null. */
  ask(words: { utteranceId: number; text: string }, request: ReplyRequest): void {
    this.#asking?.abort();
    if (this.#slowCount >= MAX_SLOW) return;
    const { ask, clock, onAnswer } = this.#options;
    const asking = new AbortController();
    const sinceMs = clock.nowMs();
    this.#asking = asking;
    this.#isWanted = true;
    ask(request, { signal: asking.signal }).then(
      (probability) => {
        if (asking.signal.aborted) return;
        this.#slowCount = clock.nowMs() - sinceMs > TOO_SLOW_MS ? this.#slowCount + 1 : 0;
        if (this.#isWanted) onAnswer({ ...words, probability });
      },
      // The pause is judged without it.
      () => {},
    );
  }

  /** The words do not matter any more. What is under way comes to its end: how long that takes tells whether to ask again. */
  forget(): void {
    this.#isWanted = false;
  }

  close(): void {
    this.forget();
    this.#asking?.abort();
  }
}
