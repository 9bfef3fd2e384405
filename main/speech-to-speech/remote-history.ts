import type { PastExchange } from '../ports/responder.ts';

interface Turn {
  id: number;
  user: string;
  heard: string;
}

/** What was said and heard in the session, on top of what was carried into it. Words of the user may come after the answer to them. */
export class RemoteHistory {
  readonly #before: readonly PastExchange[];
  readonly #turns: Turn[] = [];

  constructor(before: readonly PastExchange[]) {
    this.#before = before;
  }

  get exchanges(): readonly PastExchange[] {
    const here = this.#turns.filter(({ user, heard }) => user !== '' || heard !== '');
    return [...this.#before, ...here.map(({ user, heard }) => ({ user, heard }))];
  }

  begin(id: number): void {
    this.#turns.push({ id, user: '', heard: '' });
  }

  userSaid(id: number, text: string): void {
    const turn = this.#turns.find((each) => each.id === id);
    if (turn) turn.user = text;
  }

  /** Several answers to one turn (before and after a tool) add up. */
  heard(id: number, text: string): void {
    const turn = this.#turns.find((each) => each.id === id);
    if (turn) turn.heard = [turn.heard, text.trim()].filter((part) => part !== '').join(' ');
  }
}
