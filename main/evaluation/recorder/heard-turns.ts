import type { TranscriptLine } from '../../contract/state.ts';

/** Positions are samples of the captured sound, from `from` up to and without `to`. */
export interface RecordedTurn {
  lineId: string;
  from: number;
  to: number;
  /** As it was understood. */
  text: string;
}

export interface RecordedAnswer {
  lineId: string;
  /** First and last moment at which some of it was heard. */
  from: number;
  to: number;
  /** What of it was heard. */
  heard: string;
}

interface Span {
  from: number;
  to: number;
}

/**
 * Follows a conversation by what its ears are asked and by its transcript: which sound became which turn, and when answers were heard. Sounds of which
 * no turn was made are forgotten.
 */
export class HeardTurns {
  readonly #turns = new Map<string, RecordedTurn>();
  readonly #answers = new Map<string, RecordedAnswer>();
  /** The latest utterance; null before the first, or when it belongs to a turn already. */
  #utterance: Span | null = null;
  #owner: string | null = null;

  get turns(): RecordedTurn[] {
    return [...this.#turns.values()].toSorted((a, b) => a.from - b.from);
  }

  get answers(): RecordedAnswer[] {
    return [...this.#answers.values()].toSorted((a, b) => a.from - b.from);
  }

  begun(fromSample: number): void {
    this.#utterance = { from: fromSample, to: fromSample };
    this.#owner = null;
  }

  /** It was read up to there: at every pause, so the last one counts. */
  read(toSample: number): void {
    if (!this.#utterance) return;
    this.#utterance.to = Math.max(this.#utterance.to, toSample);
  }

  /** `atSample`: what had been captured when the line was said to be so. */
  onLine(line: TranscriptLine, atSample: number): void {
    if (line.role === 'agent') this.#onAnswer(line, atSample);
    else if (line.status === 'final' && line.source === 'voice' && line.text !== '') this.#onTurn(line);
  }

  /** What was taken for a turn is none. */
  onLinesRemoved(ids: readonly string[]): void {
    for (const id of ids) this.#turns.delete(id);
  }

  /** A turn that was opened again is final twice, with more in it. */
  #onTurn({ id, text }: Extract<TranscriptLine, { role: 'user' }>): void {
    const utterance = this.#utterance;
    if (!utterance || (this.#owner !== null && this.#owner !== id)) return;
    this.#owner = id;
    const before = this.#turns.get(id) ?? utterance;
    const from = Math.min(before.from, utterance.from);
    this.#turns.set(id, { lineId: id, text, from, to: Math.max(before.to, utterance.to) });
  }

  #onAnswer({ id, text, heardChars }: Extract<TranscriptLine, { role: 'agent' }>, atSample: number): void {
    if (heardChars === 0) return;
    const before = this.#answers.get(id);
    const heard = text.slice(0, heardChars);
    // Of an answer that is over, only texts and marks change.
    const isFurther = before === undefined || heard.length > before.heard.length;
    this.#answers.set(id, {
      lineId: id,
      from: before?.from ?? atSample,
      to: isFurther ? atSample : before.to,
      heard: isFurther ? heard : before.heard,
    });
  }
}
