import type { EndpointingPolicy, PauseEvidence } from './policy.ts';
import { phraseShape, type PhraseShape } from './phrase-shape.ts';

/**
 * Silence to wait for, by what the words say (row) and how complete the turn sounds (Smart Turn's probability, 0 · 0.5 · 0.9 · 1;
 * interpolated). Neither is enough alone: on labelled pauses of read and spontaneous speech, Smart Turn calls half of the pauses inside
 * a sentence complete, and gives "Yes." and "Hello." 0.02 to 0.1; a statement with a full stop is as often the middle of a turn as its
 * end. A question or a request is nearly always the end. docs/turn-taking.md has the pauses and the figures.
 */
const DELAYS_MS: Record<PhraseShape, readonly [number, number, number, number]> = {
  question: [650, 420, 240, 200],
  'short-answer': [420, 360, 260, 220],
  statement: [1000, 850, 680, 600],
  dictating: [1150, 1000, 850, 750],
  unfinished: [1250, 1100, 850, 760],
};
const PROBABILITIES = [0, 0.5, 0.9, 1] as const;

/** Nothing was recognised: a cough or a noise. Wait a little for words to follow, then forget it. */
const NOTHING_SAID_MS = 500;
/** No reading yet. It comes within this time or the recogniser is late, which is another timer. */
const UNREAD_MS = 1200;
/** An answer is prepared unless more is plainly to come; an unfinished phrase has to sound this complete. */
const SPECULATE_ON_UNFINISHED = 0.8;
/** Without a turn detector the words decide. */
const NO_PROBABILITY = 0.75;

/** A delay that adapts to the words and to the sound. */
export function semanticEndpointing(): EndpointingPolicy {
  return {
    name: 'semantic',
    delayMs,
    speculate({ text, completeProbability }) {
      if (text === null || text === '') return false;
      return phraseShape(text) !== 'unfinished' || (completeProbability ?? 0) >= SPECULATE_ON_UNFINISHED;
    },
  };
}

function delayMs({ text, completeProbability }: PauseEvidence): number {
  if (text === null) return UNREAD_MS;
  if (text === '') return NOTHING_SAID_MS;
  return interpolate(DELAYS_MS[phraseShape(text)], completeProbability ?? NO_PROBABILITY);
}

function interpolate(delays: readonly [number, number, number, number], probability: number): number {
  const above = PROBABILITIES.findIndex((point) => probability <= point);
  if (above <= 0) return above === 0 ? delays[0] : delays[3];
  const [p0, p1] = [PROBABILITIES[above - 1]!, PROBABILITIES[above]!];
  const [d0, d1] = [delays[above - 1]!, delays[above]!];
  return d0 + ((probability - p0) / (p1 - p0)) * (d1 - d0);
}
