/** A character needs at most four bytes, so no token waits longer than this for the rest of one. */
const MAX_HELD_TOKENS = 4;
/** How many tokens before the new ones some detokenisers look at, to say whether a space comes between. */
const CONTEXT_TOKENS = 8;
/** A shorter one, such as a line break, is ordinary text as well. */
const MIN_MARKER_CHARS = 3;
const REPLACEMENT_CHARACTER = '\uFFFD';

/** Turns tokens into text as they come and never gives half a character. */
export class StreamedText<Token> {
  readonly #detokenize: (tokens: Token[], before: Token[]) => string;
  #held: Token[] = [];
  #before: Token[] = [];

  constructor(detokenize: (tokens: Token[], before: Token[]) => string) {
    this.#detokenize = detokenize;
  }

  /** The text that is certain after this token; often "" in the middle of an emoji. */
  push(token: Token): string {
    this.#held.push(token);
    const text = this.#detokenize(this.#held, this.#before);
    if (text.endsWith(REPLACEMENT_CHARACTER) && this.#held.length < MAX_HELD_TOKENS) return '';
    return this.#release(text);
  }

  /** What is left when the generation ends; a character that was never finished is dropped. */
  end(): string {
    const text = this.#detokenize(this.#held, this.#before);
    return this.#release(text).replace(/\uFFFD+$/, '');
  }

  #release(text: string): string {
    this.#before = [...this.#before, ...this.#held].slice(-CONTEXT_TOKENS);
    this.#held = [];
    return text;
  }
}

/**
 * Stops at end markers that a small model spells out as plain text instead of choosing their token, and never gives the first
 * half of one.
 */
export class StopMarkers {
  readonly #markers: string[];
  #held = '';
  #stopped = false;

  constructor(markers: string[]) {
    this.#markers = markers.filter((marker) => marker.length >= MIN_MARKER_CHARS);
  }

  /** True once a marker was seen: nothing more comes. */
  get stopped(): boolean {
    return this.#stopped;
  }

  push(text: string): string {
    if (this.#stopped) return '';
    const all = this.#held + text;
    const found = this.#markers.map((marker) => all.indexOf(marker)).filter((index) => index >= 0);
    if (found.length > 0) {
      this.#stopped = true;
      this.#held = '';
      return all.slice(0, Math.min(...found));
    }
    const keep = this.#possibleBeginning(all);
    this.#held = all.slice(all.length - keep);
    return all.slice(0, all.length - keep);
  }

  /** What was held back and turned out to be ordinary text. */
  end(): string {
    const rest = this.#held;
    this.#held = '';
    return this.#stopped ? '' : rest;
  }

  /** Length of the longest end of `text` that a marker begins with. */
  #possibleBeginning(text: string): number {
    let longest = 0;
    for (const marker of this.#markers) {
      for (let length = Math.min(marker.length - 1, text.length); length > longest; length--) {
        if (text.endsWith(marker.slice(0, length))) longest = length;
      }
    }
    return longest;
  }
}
