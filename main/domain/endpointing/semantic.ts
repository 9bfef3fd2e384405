import type { EndpointingPolicy, PauseEvidence } from './policy.ts';
import { phraseShape, type PhraseShape } from './phrase-shape.ts';

/**
 * Log-odds that the words add to the turn detector's. Smart Turn alone calls half of mid-phrase pauses complete, so its word
 * counts, but an unfinished phrase outweighs it.
 */
const SHAPE_LOG_ODDS: Record<PhraseShape, number> = {
  unfinished: -4,
  dictating: -2,
  statement: 0,
  question: 1.2,
  'short-answer': 1.5,
};

/** Silence to wait for at a given probability of being through, interpolated between these points. */
const DELAY_BY_PROBABILITY: readonly (readonly [probability: number, delayMs: number])[] = [
  [0, 1500],
  [0.1, 1200],
  [0.3, 850],
  [0.5, 600],
  [0.75, 380],
  [0.9, 240],
  [1, 190],
];

/** Nothing was recognised: a cough or a noise. Wait a little for words to follow, then forget it. */
const NOTHING_SAID_MS = 500;
/** No reading yet. It comes within this time or the recogniser is late, which is another timer. */
const UNREAD_MS = 1200;

/** Adapts the delay to the sound (turn detector) and to the words (shape of the phrase), fused as log-odds. */
export function semanticEndpointing(): EndpointingPolicy {
  return {
    name: 'semantic',
    delayMs(evidence) {
      if (evidence.text === null) return UNREAD_MS;
      if (evidence.text === '') return NOTHING_SAID_MS;
      return interpolate(completeProbability(evidence, evidence.text));
    },
    speculate: (evidence) =>
      evidence.text !== null && evidence.text !== '' && completeProbability(evidence, evidence.text) >= 0.25,
  };
}

/** The fused probability that the turn is over. Without a turn detector the words decide from even odds. */
export function completeProbability(evidence: PauseEvidence, text: string): number {
  const sound = evidence.completeProbability ?? 0.5;
  const clipped = Math.min(0.995, Math.max(0.005, sound));
  const logOdds = Math.log(clipped / (1 - clipped)) + SHAPE_LOG_ODDS[phraseShape(text)];
  return 1 / (1 + Math.exp(-logOdds));
}

function interpolate(probability: number): number {
  for (let i = 1; i < DELAY_BY_PROBABILITY.length; i++) {
    const [p1, d1] = DELAY_BY_PROBABILITY[i]!;
    const [p0, d0] = DELAY_BY_PROBABILITY[i - 1]!;
    if (probability <= p1) return d0 + ((probability - p0) / (p1 - p0)) * (d1 - d0);
  }
  return DELAY_BY_PROBABILITY.at(-1)![1];
}
