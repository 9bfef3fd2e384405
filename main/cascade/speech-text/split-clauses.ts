import type { Clause } from '../../ports/responder.ts';
import { findClauseEnd } from './clause-boundaries.ts';
import { speakableText } from './speakable-text.ts';

export type { Clause };

/**
 * Cuts the text of an answer into clauses while it is being written. The first clause is as short as sounds natural, so that it
 * can be spoken early; later ones are longer. Numbers, abbreviations, links and addresses stay whole, code blocks stand alone.
 *
 * `text` of a clause is what is to be said (numbers in words, no Markdown); it is "" when there is nothing to say, as in a code
 * block. `startChar` and `endChar` are its range in the text as it was pushed: ranges follow each other without gap or overlap
 * and cover everything but white space at the very end. How the text is cut into pushes makes no difference.
 */
export class ClauseSplitter {
  #pending = '';
  #startChar = 0;
  #clauses = 0;

  push(text: string): Clause[] {
    this.#pending += text;
    return this.#take(false);
  }

  /** What is left. The splitter may be used for another text afterwards. */
  end(): Clause[] {
    const clauses = this.#take(true);
    if (this.#pending.trim() !== '') clauses.push(this.#cut(this.#pending.trimEnd().length));
    this.#pending = '';
    this.#startChar = 0;
    this.#clauses = 0;
    return clauses;
  }

  #take(isWhole: boolean): Clause[] {
    const clauses: Clause[] = [];
    for (;;) {
      const end = findClauseEnd(this.#pending, this.#clauses, isWhole);
      if (end === undefined) return clauses;
      clauses.push(this.#cut(end));
    }
  }

  #cut(end: number): Clause {
    const clause: Clause = {
      text: speakableText(this.#pending.slice(0, end)),
      startChar: this.#startChar,
      endChar: this.#startChar + end,
    };
    this.#pending = this.#pending.slice(end);
    this.#startChar = clause.endChar;
    // A stretch without words does not use up the short first clause.
    if (clause.text !== '') this.#clauses++;
    return clause;
  }
}
