import { asksForFloor, isBackchannel, spokenWords } from './vocabulary.ts';

export interface OverlapEvidence {
  /** What the overlapping speech says so far; null when nothing was read yet. */
  text: string | null;
  speechMs: number;
  /** False once the user is silent again and `text` covers all that they said. */
  stillTalking: boolean;
  /** How long the user has been silent. */
  silenceMs: number;
  /** The time for waiting is over. */
  mustDecide: boolean;
}

/** `yield`: the user wants the floor. `go-on`: they do not. `wait`: it cannot be told yet. */
export type OverlapDecision = 'yield' | 'go-on' | 'wait';

/** Speech without any recognised word that lasts longer than a cough or a laugh. */
const LONG_SPEECH_MS = 450;
/**
 * A sound in which no word was recognised is a noise when nothing follows it for so long. A recogniser that is given 0.3 s of "Stop,"
 * sometimes hears nothing, and "wait" comes next.
 */
export const NOISE_IS_OVER_MS = 320;

/**
 * Is a sound during the answer an interruption? Words decide where there are any: two words that are no backchannel, or a request
 * for the floor, are. Without words, length does.
 */
export function decideOverlap(evidence: OverlapEvidence): OverlapDecision {
  const { text, speechMs, stillTalking, silenceMs, mustDecide } = evidence;
  if (text === null) return mustDecide ? (speechMs >= LONG_SPEECH_MS ? 'yield' : 'go-on') : 'wait';
  const words = spokenWords(text);
  if (words.length === 0) return mustDecide || (!stillTalking && silenceMs >= NOISE_IS_OVER_MS) ? 'go-on' : 'wait';
  if (isBackchannel(words)) return stillTalking && !mustDecide ? 'wait' : 'go-on';
  if (asksForFloor(words)) return 'yield';
  if (words.filter((word) => !isBackchannel([word])).length >= 2) return 'yield';
  return stillTalking && !mustDecide ? 'wait' : 'yield';
}
