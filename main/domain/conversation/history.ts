export interface Exchange {
  turnId: number;
  user: string;
  /** What of the answer was heard. */
  heard: string;
}

/** What was said and heard, oldest first. Immutable. */
export class History {
  readonly exchanges: readonly Exchange[];

  constructor(exchanges: readonly Exchange[] = []) {
    this.exchanges = exchanges;
  }

  /** Adds what was heard of the answer to a turn; a second answer to the same turn replaces the first. */
  with(exchange: Exchange): History {
    return new History([...this.exchanges.filter((each) => each.turnId !== exchange.turnId), exchange]);
  }

  without(turnId: number): History {
    return new History(this.exchanges.filter((each) => each.turnId !== turnId));
  }

  /**
   * Drops the oldest exchanges once the text is longer than `maxChars`, down to half of that: a model whose prompt cache depends on
   * the beginning of the conversation then has to start over rarely. Done between turns, never in one.
   */
  trimmed(maxChars: number): History {
    if (lengthOf(this.exchanges) <= maxChars) return this;
    const kept = [...this.exchanges];
    while (kept.length > 1 && lengthOf(kept) > maxChars / 2) kept.shift();
    return new History(kept);
  }
}

function lengthOf(exchanges: readonly Exchange[]): number {
  return exchanges.reduce((sum, { user, heard }) => sum + user.length + heard.length, 0);
}
