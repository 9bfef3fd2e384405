/** Answers are numbered upwards and late audio comes soon or never: more than the last few need not be remembered. */
const REMEMBERED = 256;

/** Which answers are over, and how much of each was played. */
export class FinishedAnswers {
  readonly #played = new Map<number, number>();

  add(answerNumber: number, playedSamples: number): void {
    this.#played.set(answerNumber, playedSamples);
    const oldest = this.#played.keys().next();
    if (this.#played.size > REMEMBERED && !oldest.done) this.#played.delete(oldest.value);
  }

  has(answerNumber: number): boolean {
    return this.#played.has(answerNumber);
  }

  playedSamples(answerNumber: number): number | undefined {
    return this.#played.get(answerNumber);
  }
}
