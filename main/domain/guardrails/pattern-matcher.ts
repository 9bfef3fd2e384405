import { RE2JS } from 're2js';
import type { Matcher, Span } from './matcher.ts';
import { partialPattern } from './partial-pattern.ts';

/** Looks for an expression from a place on. */
type Search = (text: string, from: number) => Span | null;

export interface PatternOptions {
  ignoreCase?: boolean;
  /** A match looks at no more text than this from its start; the text ends there for it. */
  maxSpanChars: number;
  /** Length of the part of a candidate that counts; 0 when it is none after all. Default: all of it. */
  accept?(candidate: string): number;
}

/** An expression of ours: checked here to be free of expressions that backtrack without end, so the quick engine may run it. */
export function ownPattern(pattern: string, options: PatternOptions): Matcher {
  return new PatternMatcher(nativeSearch(pattern, options), nativeSearch(partialPattern(pattern), options), options);
}

/**
 * An expression that somebody brought along. RE2 takes time in proportion to the text, whatever the expression: a rule cannot hang the app.
 * Throws with what is wrong with it.
 */
export function foreignPattern(pattern: string, options: PatternOptions): Matcher {
  const flags = options.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0;
  const search = (source: string): Search => {
    const compiled = RE2JS.compile(source, flags);
    return (text, from) => {
      const matcher = compiled.matcher(text);
      return matcher.find(from) ? { start: matcher.start(), end: matcher.end() } : null;
    };
  };
  if (/\(\?<?[=!]/.test(pattern)) throw new SyntaxError('look-around is not supported');
  return new PatternMatcher(search(pattern), search(partialPattern(pattern)), options);
}

class PatternMatcher implements Matcher {
  readonly #search: Search;
  readonly #searchPartial: Search;
  readonly #maxSpanChars: number;
  readonly #accept: (candidate: string) => number;

  constructor(search: Search, searchPartial: Search, options: PatternOptions) {
    this.#search = search;
    this.#searchPartial = searchPartial;
    this.#maxSpanChars = options.maxSpanChars;
    this.#accept = options.accept ?? ((candidate) => candidate.length);
  }

  find(text: string, from: number): Span | null {
    for (let at = from; at <= text.length;) {
      const found = this.#search(text, at);
      if (!found) return null;
      const { start } = found;
      const end = this.#endIn(text, found);
      const accepted = end > start ? this.#accept(text.slice(start, end)) : 0;
      if (accepted > 0) return { start, end: start + accepted };
      at = start + 1;
    }
    return null;
  }

  openFrom(text: string, from: number): number {
    const start = Math.max(from, text.length - this.#maxSpanChars);
    if (start >= text.length) return text.length;
    return this.#searchPartial(text, start)?.start ?? text.length;
  }

  /** Where the match at `start` ends when it sees `maxSpanChars` of text: the same, however much more has been written by now. */
  #endIn(text: string, { start, end }: Span): number {
    const limit = start + this.#maxSpanChars;
    if (text.length <= limit) return end;
    const found = this.#search(text.slice(0, limit), start);
    return found?.start === start ? found.end : start;
  }
}

function nativeSearch(pattern: string, { ignoreCase }: PatternOptions): Search {
  const expression = new RegExp(pattern, ignoreCase ? 'giu' : 'gu');
  return (text, from) => {
    expression.lastIndex = from;
    const match = expression.exec(text);
    return match && { start: match.index, end: match.index + match[0].length };
  };
}
