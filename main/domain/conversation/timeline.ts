import type { TurnTiming } from '../../contract/state.ts';
import { phraseShape } from '../endpointing/phrase-shape.ts';

export type MarkName =
  | 'first-partial'
  | 'anticipated'
  | 'reading-asked'
  | 'reading'
  | 'answer-started'
  | 'source'
  | 'first-token'
  | 'first-clause'
  | 'first-audio'
  | 'endpoint'
  | 'queued'
  | 'audible';

/** When things happened in a turn, on the monotonic clock; only the first of each kind counts. */
export class Timeline {
  #marks = new Map<MarkName, number>();
  /** When the user's last speech sample was spoken; figures are counted from it. */
  #speechEndMs: number | null = null;
  #end: TurnTiming['end'];
  #isTyped = false;

  mark(name: MarkName, nowMs: number): void {
    if (!this.#marks.has(name)) this.#marks.set(name, nowMs);
  }

  /** The same for what happens at every pause of a turn: the last of its kind counts. */
  remark(name: MarkName, nowMs: number): void {
    this.#marks.set(name, nowMs);
  }

  /** What the end of the turn is decided by. */
  judged({
    policy,
    text,
    completeProbability,
  }: {
    policy: string;
    text: string;
    completeProbability: number | null;
  }): void {
    this.#end = { policy, shape: phraseShape(text), completeProbability };
  }

  /** The account of a new pause of the same turn: of what was before, only what happened while the user spoke. */
  atNewPause(): Timeline {
    const fresh = new Timeline();
    for (const name of ['first-partial', 'anticipated'] as const) {
      const atMs = this.#marks.get(name);
      if (atMs !== undefined) fresh.mark(name, atMs);
    }
    return fresh;
  }

  speechEndedAt(ms: number, { isTyped = false } = {}): void {
    this.#speechEndMs = ms;
    this.#isTyped = isTyped;
  }

  /** null before the turn has ended, and where nothing was spoken. */
  get lastSpokenMs(): number | null {
    return this.#isTyped ? null : this.#speechEndMs;
  }

  timing(): TurnTiming {
    const origin = this.#speechEndMs ?? Math.min(...this.#marks.values());
    const marks = [...this.#marks]
      .map(([name, atMs]) => ({ name, atMs: Math.round((atMs - origin) * 10) / 10 }))
      .sort((a, b) => a.atMs - b.atMs);
    // A notice follows no speech: there is nothing to count from.
    if (this.#speechEndMs === null) return { marks, voiceToVoiceMs: null };
    const end = this.#end ? { end: this.#end } : {};
    return { marks, ...end, voiceToVoiceMs: marks.find(({ name }) => name === 'audible')?.atMs ?? null };
  }
}
