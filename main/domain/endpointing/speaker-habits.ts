/**
 * How this speaker pauses within a turn, learnt from the pauses after which they went on, and from turns that were over where they were
 * called over. Three numbers with exponential forgetting, of one session, never kept beyond it.
 */
export interface SpeakerHabits {
  /** Pauses within turns; one that was taken for the end, although the speaker went on, counts twice. */
  readonly pauses: number;
  /** Sum of the natural logarithms of their lengths in ms, counted the same. */
  readonly logMs: number;
  readonly turns: number;
}

export const NO_HABITS: SpeakerHabits = { pauses: 0, logMs: 0, turns: 0 };

/** Shorter silences are stops of consonants and breaths: no habit of pausing. Longer ones are told from nothing. */
const SHORTEST_MS = 250;
const LONGEST_MS = 2000;
/** Each clean end takes 15% of what was known: a speaker who has changed is known anew after some ten turns. */
const KEPT_AT_CLEAN_END = 0.85;
/** Most people: a pause of 0.55 s in every second turn (Campione and Véronis 2002), believed like so many turns and pauses. */
const PRIOR_TURNS = 2;
const PRIOR_PAUSES = 1;
const TYPICAL_PAUSE_MS = 550;
const PRIOR_LENGTHS = 3;

/** The speaker went on after `ms`; `wasCut`: when the turn had been called over already. */
export function learnPause(habits: SpeakerHabits, ms: number, { wasCut = false } = {}): SpeakerHabits {
  if (ms < SHORTEST_MS) return habits;
  const weight = wasCut ? 2 : 1;
  const { pauses, logMs, turns } = habits;
  return { pauses: pauses + weight, logMs: logMs + weight * Math.log(Math.min(ms, LONGEST_MS)), turns };
}

/** A turn was over where it was called over. */
export function learnCleanEnd({ pauses, logMs, turns }: SpeakerHabits): SpeakerHabits {
  const [kept, known] = [KEPT_AT_CLEAN_END, turns + 1];
  return { pauses: pauses * kept, logMs: logMs * kept, turns: known * kept };
}

/** What is to be expected of this speaker, against most people: both are 1 for somebody not heard before. */
export interface Manner {
  /** How often they pause within a turn, 0.5 … 3. */
  pausing: number;
  /** How long their pauses are, 0.8 … 1.6. */
  slowness: number;
}

export function mannerOf({ pauses, logMs, turns }: SpeakerHabits): Manner {
  const perTurn = (pauses + PRIOR_PAUSES) / (turns + PRIOR_TURNS);
  const meanLog = (logMs + PRIOR_LENGTHS * Math.log(TYPICAL_PAUSE_MS)) / (pauses + PRIOR_LENGTHS);
  return {
    pausing: clamp(perTurn / (PRIOR_PAUSES / PRIOR_TURNS), 0.5, 3),
    slowness: clamp(Math.exp(meanLog) / TYPICAL_PAUSE_MS, 0.8, 1.6),
  };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
