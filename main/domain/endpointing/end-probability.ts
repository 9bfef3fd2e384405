import { phraseShape, type PhraseShape } from './phrase-shape.ts';
import type { PauseEvidence } from './policy.ts';

/**
 * Log-odds that a pause after such words is the end of the turn, and how much the sound changes them: Smart Turn's probability, as its
 * distance from 0.75. Fitted on the tuning clips by `npm run bench:endpointing`, which prints them anew; docs/endpointing-calibration.md
 * has the data and what else was tried. The sound says little where words are known: of real voices it calls half of the ends incomplete.
 */
const LOG_ODDS: Record<PhraseShape, { words: number; sound: number }> = {
  question: { words: 1.86, sound: 1.12 },
  'short-answer': { words: 2.67, sound: 1.12 },
  statement: { words: 0.99, sound: 0.27 },
  dictating: { words: -0.26, sound: 1.16 },
  unfinished: { words: -0.86, sound: 1.16 },
};
/** Without a turn detector the words decide. */
export const NEUTRAL_PROBABILITY = 0.75;

/** Log-odds that the turn is over, for words that are known and not empty. */
export function endLogOdds(evidence: PauseEvidence & { text: string }): number {
  const { text, completeProbability, manner, answersQuestion = false } = evidence;
  const { words, sound } = LOG_ODDS[phraseShape(text, { answersQuestion })];
  const asOthers = words + sound * ((completeProbability ?? NEUTRAL_PROBABILITY) - NEUTRAL_PROBABILITY);
  // Twice as many pauses a turn halve the odds that this one is its end.
  return asOthers - (manner ? Math.log(manner.pausing) : 0);
}
