import type { Matcher, Span } from './matcher.ts';

export interface Hit<Rule> extends Span {
  rule: Rule;
}

/**
 * Reads a text as it is written and says what it hits, as soon as that is certain. How the text is cut makes no difference: spans never overlap,
 * the leftmost counts, and of two at the same place the one whose rule comes first.
 */
export class TextScan<Rule> {
  readonly #matchers: readonly { rule: Rule; matcher: Matcher }[];
  #text = '';
  /** Nothing can begin before this any more. */
  #from = 0;

  constructor(matchers: readonly { rule: Rule; matcher: Matcher }[]) {
    this.#matchers = matchers;
  }

  /** Up to where nothing will be hit any more but by what was given out. */
  get settledTo(): number {
    return this.#from;
  }

  push(text: string): Hit<Rule>[] {
    this.#text += text;
    return this.#settle(this.#text, false);
  }

  /** What is certain if white space comes next. */
  beforeSpace(): Hit<Rule>[] {
    const { length } = this.#text;
    return this.#settle(`${this.#text} `, false).map((hit) => ({ ...hit, end: Math.min(hit.end, length) }));
  }

  /** Nothing follows. */
  end(): Hit<Rule>[] {
    return this.#settle(this.#text, true);
  }

  #settle(text: string, isWhole: boolean): Hit<Rule>[] {
    const hits: Hit<Rule>[] = [];
    for (;;) {
      const open = isWhole ? text.length : this.#openFrom(text);
      const hit = this.#first(text);
      if (!hit || (hit.start >= open && !isWhole)) {
        this.#from = Math.min(this.#text.length, Math.max(this.#from, open));
        return hits;
      }
      hits.push(hit);
      this.#from = Math.min(this.#text.length, hit.end);
    }
  }

  #openFrom(text: string): number {
    let open = text.length;
    for (const { matcher } of this.#matchers) open = Math.min(open, matcher.openFrom(text, this.#from));
    return open;
  }

  #first(text: string): Hit<Rule> | undefined {
    let first: Hit<Rule> | undefined;
    for (const { rule, matcher } of this.#matchers) {
      const span = matcher.find(text, this.#from);
      if (span && (!first || span.start < first.start)) first = { rule, ...span };
    }
    return first;
  }
}

/** Everything that a whole text hits. */
export function scanText<Rule>(matchers: readonly { rule: Rule; matcher: Matcher }[], text: string): Hit<Rule>[] {
  const scan = new TextScan(matchers);
  const hits = scan.push(text);
  return [...hits, ...scan.end()];
}
