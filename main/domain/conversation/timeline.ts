import type { TurnTiming } from '../../contract/state.ts';

export type MarkName =
  | 'reading-asked'
  | 'reading'
  | 'answer-started'
  | 'first-token'
  | 'first-clause'
  | 'first-audio'
  | 'endpoint'
  | 'audible';

/** When things happened in a turn, on the monotonic clock; only the first of each kind counts. */
export class Timeline {
  #marks = new Map<MarkName, number>();
  /** When the user's last speech sample was spoken; figures are counted from it. */
  #speechEndMs: number | null = null;

  mark(name: MarkName, nowMs: number): void {
    if (!this.#marks.has(name)) this.#marks.set(name, nowMs);
  }

  /** The same for what happens at every pause of a turn: the last of its kind counts. */
  remark(name: MarkName, nowMs: number): void {
    this.#marks.set(name, nowMs);
  }

  speechEndedAt(ms: number): void {
    this.#speechEndMs = ms;
  }

  timing(): TurnTiming {
    const origin = this.#speechEndMs ?? Math.min(...this.#marks.values());
    const marks = [...this.#marks]
      .map(([name, atMs]) => ({ name, atMs: Math.round((atMs - origin) * 10) / 10 }))
      .sort((a, b) => a.atMs - b.atMs);
    // A notice follows no speech: there is nothing to count from.
    if (this.#speechEndMs === null) return { marks, voiceToVoiceMs: null };
    return { marks, voiceToVoiceMs: marks.find(({ name }) => name === 'audible')?.atMs ?? null };
  }
}
