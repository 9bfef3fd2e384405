import { phraseShape, type PhraseShape } from './phrase-shape.ts';
import type { PauseEvidence } from './policy.ts';

/**
 * Log-odds that a pause after such words is the end of the turn, and what changes them: the sound (Smart Turn's probability, as its distance
 * from 0.75) and the language model's doubt that the words are a whole sentence (`sentenceTerm`). Fitted on the
 * tuning clips by `npm run bench:endpointing`, which prints them anew; docs/endpointing-calibration.md has the data and what else was tried.
 * The sound says little where words are known: of real voices it calls half of the ends incomplete.
 */
const LOG_ODDS: Record<PhraseShape, { words: number; sound: number; sentence: number }> = {
  question: { words: 1.86, sound: 1.12, sentence: 0.5 },
  'short-answer': { words: 2.67, sound: 1.12, sentence: 0 },
  statement: { words: 0.99, sound: 0.27, sentence: 0.5 },
  dictating: { words: -0.26, sound: 1.16, sentence: 0 },
  unfinished: { words: -0.86, sound: 1.16, sentence: 0 },
};
/** Without a turn detector the words decide. */
export const NEUTRAL_PROBABILITY = 0.75;
/** The starter model gives 9 of 10 whole sentences more than this; to "I would like to" and "the best way is" it gives less than 0.005. */
const PLAUSIBLE_SENTENCE = 0.06;
/** Words that code understands as a whole are seldom the first half of others. Chosen, not fitted: the tuning clips hold too few of them. */
const KNOWN = 0.9;
/** Below this, one is as improbable as another. */
const LEAST_SENTENCE = 0.005;

/** Log-odds that the turn is over, for words that are known and not empty. */
export function endLogOdds(evidence: PauseEvidence & { text: string }): number {
  const { text, completeProbability, sentenceEnd, manner, answersQuestion = false, isKnown = false } = evidence;
  const { words, sound, sentence } = LOG_ODDS[phraseShape(text, { answersQuestion })];
  const asOthers =
    words +
    sound * ((completeProbability ?? NEUTRAL_PROBABILITY) - NEUTRAL_PROBABILITY) +
    sentence * sentenceTerm(sentenceEnd) +
    (isKnown ? KNOWN : 0);
  // Twice as many pauses a turn halve the odds that this one is its end.
  return asOthers - (manner ? Math.log(manner.pausing) : 0);
}

/** Whether the language model's word on the sentence changes anything after such words: short answers and numbers are whole or not by other rules. */
export function isSentenceEndTelling(shape: PhraseShape): boolean {
  return LOG_ODDS[shape].sentence > 0;
}

/**
 * 0 for a plausible sentence, and where nothing is known of it; down to −2.5 for words that cannot be one. A very probable sentence says no more
 * than a plausible one: people pause at the ends of sentences too.
 */
export function sentenceTerm(probability: number | null | undefined): number {
  return probability == null ? 0 : Math.min(0, Math.log((probability + LEAST_SENTENCE) / PLAUSIBLE_SENTENCE));
}
