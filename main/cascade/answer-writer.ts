import type { Clause, ReplyPiece } from '../ports/responder.ts';
import { clausesOf } from './responder-chain.ts';
import { ClauseSplitter } from './speech-text/split-clauses.ts';

/** Puts an answer's text together from what a model writes and what is said in between, and cuts it into clauses as it grows. */
export class AnswerWriter {
  readonly #maxSentences: number;
  #text = '';
  /** How much of the text was given out. */
  #givenChars = 0;
  /** Where what the splitter has seen begins in the text. */
  #splitFrom = 0;
  #splitter = new ClauseSplitter();
  #sentences = 0;

  /** `maxSentences`: of one stretch of the model's. */
  constructor(options: { maxSentences: number }) {
    this.#maxSentences = options.maxSentences;
  }

  /** Nothing was given out yet. */
  get isEmpty(): boolean {
    return this.#givenChars === 0;
  }

  /** The stretch has as many sentences as it may have; what is pushed now is left out. */
  get isFull(): boolean {
    return this.#sentences >= this.#maxSentences;
  }

  /** More of the model's words. The text goes out clause by clause: what is cut off after the last sentence was then never shown. */
  *push(piece: string): Generator<ReplyPiece> {
    if (this.isFull) return;
    const begins = this.#text.length === this.#splitFrom;
    const more = begins ? piece.trimStart() : piece;
    if (more === '') return;
    if (begins && this.#text !== '') yield this.#separate();
    this.#text += more;
    yield* this.#spoken(this.#splitter.push(more));
  }

  /** The model has ended its stretch; another may follow. */
  *endStretch(): Generator<ReplyPiece> {
    if (!this.isFull) yield* this.#spoken(this.#splitter.end());
    // White space at the end belongs to no clause, and what came after the last sentence was never given out.
    this.#text = this.#text.slice(0, this.#givenChars);
    this.#startStretch();
  }

  /** Something that is not the model's, as a whole, with its audio where that is rendered ahead. */
  async *aside(text: string, find: (clause: string) => Promise<SpokenAudio | null>): AsyncGenerator<ReplyPiece> {
    if (this.#text !== '') yield this.#separate();
    const from = this.#text.length;
    this.#text += text;
    this.#givenChars = this.#text.length;
    yield { type: 'text', text };
    for (const clause of clausesOf(text)) {
      const audio = await find(clause.text);
      const placed = { ...clause, startChar: clause.startChar + from, endChar: clause.endChar + from };
      yield { type: 'clause', clause: placed, ...(audio ? { audio } : {}) };
    }
    this.#startStretch();
  }

  #separate(): ReplyPiece {
    const gap = /\s$/.test(this.#text) ? '' : ' ';
    this.#text += gap;
    this.#splitFrom = this.#text.length;
    this.#givenChars = this.#text.length;
    return { type: 'text', text: gap };
  }

  #startStretch(): void {
    this.#splitFrom = this.#text.length;
    this.#splitter = new ClauseSplitter();
    this.#sentences = 0;
  }

  *#spoken(clauses: Clause[]): Generator<ReplyPiece> {
    for (const clause of clauses) {
      const startChar = clause.startChar + this.#splitFrom;
      const endChar = clause.endChar + this.#splitFrom;
      const written = this.#text.slice(startChar, endChar);
      yield { type: 'text', text: written };
      yield { type: 'clause', clause: { ...clause, startChar, endChar } };
      this.#givenChars = endChar;
      if (endsSentence(written)) this.#sentences++;
      if (this.isFull) return;
    }
  }
}

type SpokenAudio = { pcm: Float32Array; sampleRateHz: number };

function endsSentence(text: string): boolean {
  return /[.!?…]["'”’)\]]*\s*$/u.test(text);
}
