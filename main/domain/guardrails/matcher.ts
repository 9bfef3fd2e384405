export interface Span {
  start: number;
  end: number;
}

/**
 * Finds something in a text that is still being written. For every text and every way in which it goes on: a span that `find` gives and that
 * begins before `openFrom` is the span that will be found there in the end.
 */
export interface Matcher {
  /** The leftmost span, not empty, that begins at `from` or later, taking the text as whole. */
  find(text: string, from: number): Span | null;
  /** The leftmost place from `from` on where something might begin that depends on what follows; the text's length when there is none. */
  openFrom(text: string, from: number): number;
}
