import type { AnswerSource } from '../../contract/state.ts';
import type { ReplyTally as Tally } from '../../contract/replies.ts';
import type { ReplyFiguresStore } from '../../ports/reply-figures.ts';

/** The latest answers of the model that the median is taken of. */
const MODEL_ANSWERS = 51;
/** Answers whose saving is not known yet, because the model has not been measured in this run. */
const MAX_WAITING = 500;

/**
 * Counts who answered, and the time that answers without the model have saved: from the user's last sound to the first of the answer, what the
 * model's answers took in this run of the program (their median) less what this one took. Answers before the model's first one wait for it; when
 * there is none in the whole run, they are counted without a saving.
 */
export class ReplyTally {
  readonly #store: ReplyFiguresStore;
  #modelMs: number[] = [];
  #waiting: { source: AnswerSource; name: string; tookMs: number }[] = [];

  constructor(store: ReplyFiguresStore) {
    this.#store = store;
  }

  get tallies(): Tally[] {
    return this.#store.all();
  }

  get modelMedianMs(): number | null {
    const sorted = [...this.#modelMs].sort((a, b) => a - b);
    if (sorted.length === 0) return null;
    const middle = sorted.length >> 1;
    return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  }

  /** An answer was heard. `tookMs` is null where that was not measured. */
  count({ source, name, tookMs }: { source: AnswerSource; name: string; tookMs: number | null }): void {
    this.#store.add({ source, name, count: 1, savedMs: 0 });
    if (tookMs === null) return;
    if (source === 'model') this.#modelMs = [...this.#modelMs, tookMs].slice(-MODEL_ANSWERS);
    else this.#waiting = [...this.#waiting, { source, name, tookMs }].slice(-MAX_WAITING);
    const medianMs = this.modelMedianMs;
    if (medianMs === null) return;
    for (const { tookMs: ms, ...who } of this.#waiting) this.#store.add({ ...who, count: 0, savedMs: medianMs - ms });
    this.#waiting = [];
  }

  forget(): void {
    this.#waiting = [];
    this.#store.forget();
  }
}
