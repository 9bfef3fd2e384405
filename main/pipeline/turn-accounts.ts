import { History, type Exchange } from '../domain/conversation/history.ts';
import { Timeline } from '../domain/conversation/timeline.ts';
import type { PastExchange } from '../ports/responder.ts';

/** What is kept of turns: what was said and heard, when what happened in them, and how to take back what their answers have done. */
export class TurnAccounts {
  readonly #timelines = new Map<number, Timeline>();
  readonly #texts = new Map<number, string>();
  readonly #undoes = new Map<number, () => void>();
  #history: History;

  constructor(history: readonly PastExchange[]) {
    this.#history = new History(history.map((exchange, index) => ({ turnId: -1 - index, ...exchange })));
  }

  get history(): readonly Exchange[] {
    return this.#history.exchanges;
  }

  /** The conversation as it was before the turn. */
  historyWithout(turnId: number): readonly Exchange[] {
    return this.#history.without(turnId).exchanges;
  }

  trimHistory(maxChars: number): void {
    this.#history = this.#history.trimmed(maxChars);
  }

  /** The timeline of a turn; `fresh` drops what an earlier pause of it has left. */
  timelineOf(turnId: number, { fresh = false } = {}): Timeline {
    const known = this.#timelines.get(turnId);
    const timeline = (fresh ? known?.atNewPause() : known) ?? new Timeline();
    this.#timelines.set(turnId, timeline);
    return timeline;
  }

  forgetTimeline(turnId: number): void {
    this.#timelines.delete(turnId);
  }

  /** The user's words are final; "" for what is said unasked. */
  begin(turnId: number, user: string): void {
    this.#texts.set(turnId, user);
    this.#history = this.#history.with({ turnId, user, heard: '' });
  }

  /** History holds only what was heard; a turn that was opened again meanwhile is not in it. */
  keepHeard(turnId: number, exchange: PastExchange): void {
    if (!this.#history.exchanges.some((each) => each.turnId === turnId)) return;
    this.#history = this.#history.with({ turnId, ...exchange });
  }

  keepUndo(turnId: number, undo: () => void): void {
    this.#undoes.set(turnId, undo);
  }

  /** The user went on: what the answer has done is undone, and the turn is not over. Returns its words so far. */
  reopen(turnId: number): string {
    this.#undoes.get(turnId)?.();
    this.#undoes.delete(turnId);
    this.#history = this.#history.without(turnId);
    this.#timelines.delete(turnId);
    return this.#texts.get(turnId) ?? '';
  }

  /** The turn is over for good; its place in the history stays. */
  forget(turnId: number): void {
    this.#timelines.delete(turnId);
    this.#texts.delete(turnId);
    this.#undoes.delete(turnId);
  }
}
