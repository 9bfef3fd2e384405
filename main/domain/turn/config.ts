import { DEFAULT_TURN_SETTINGS, type TurnSettings } from '../../contract/turn-settings.ts';
import { chosenPolicy } from '../endpointing/chosen-policy.ts';
import type { EndpointingPolicy } from '../endpointing/policy.ts';

export interface TurnConfig {
  endpointing: EndpointingPolicy;
  /** VAD probability that begins speech, and the lower one that keeps it going (hysteresis). */
  speechStartProbability: number;
  /**
   * The same while nothing is said by us. Silero remembers: 3 of 256 short words after other speech stayed below 0.5, one below 0.4, and no horn,
   * dog, phone or engine came above 0.2.
   */
  quietStartProbability: number;
  speechKeepProbability: number;
  /** Windows of speech in a row that begin an utterance. One window is 32 ms. */
  startWindows: number;
  /** Audio before the first speech window that belongs to the utterance: soft first sounds are below the VAD's threshold. */
  preRollMs: number;
  /** An answer is held at the first window of speech already when the voice detector is this sure. */
  sureProbability: number;
  /** Silence after which the utterance is read, in the hope that the turn is over. */
  readAfterMs: number;
  /** Silence after which an answer to the words so far may be begun, before the pause has been read. */
  speculateAfterMs: number;
  /** Answers begun ahead per turn. */
  maxSpeculations: number;
  /** How often the language model is asked about the words, per utterance. */
  maxSentenceEnds: number;
  /** How long an answer waits for a late recogniser before the turn is given up. */
  recogniserLagMs: number;
  /** Overlapping speech is read after this, and decided at the latest after that. */
  overlapLookMs: number;
  overlapDecideMs: number;
  /** On a busy machine the words come later: the answer stays silent for so much longer rather than coming back before it is stopped. */
  overlapLateMs: number;
  /** A user who goes on speaking this soon after the end was called continues the same turn … */
  resumeWithinMs: number;
  /** … and this soon while the answer is still thought about … */
  resumeWhileThinkingMs: number;
  /** … if the whole is no longer than the ears remember (30 s) … */
  longestReopenedMs: number;
  /** … unless that much of the answer was already heard. */
  resumeHeardMs: number;
  /** No audio for this long while the user speaks: the device is gone, what was heard is taken as the turn. */
  captureStallMs: number;
  /** Audio after push-to-talk is let go that still belongs to the turn: fingers are quicker than last syllables. */
  releaseTailMs: number;
  /** An answer that has not sounded by then is abandoned. */
  answerAbandonMs: number;
  /** A question that stays unanswered is asked again, once, after this; null: it is not. */
  askAgainAfterMs: number | null;
  /** A nod that ends so shortly before the end of a question is the answer to it. */
  nodAnswersMs: number;
}

export const defaultTurnConfig: TurnConfig = {
  endpointing: chosenPolicy(DEFAULT_TURN_SETTINGS.endpointing),
  speechStartProbability: 0.5,
  quietStartProbability: 0.4,
  speechKeepProbability: 0.35,
  startWindows: 2,
  preRollMs: 300,
  sureProbability: 0.85,
  readAfterMs: 90,
  speculateAfterMs: 64,
  maxSpeculations: 6,
  maxSentenceEnds: 6,
  recogniserLagMs: 5000,
  overlapLookMs: 280,
  overlapDecideMs: 700,
  overlapLateMs: 600,
  resumeWithinMs: 1500,
  resumeWhileThinkingMs: 8000,
  longestReopenedMs: 25_000,
  resumeHeardMs: 600,
  captureStallMs: 1500,
  releaseTailMs: 150,
  answerAbandonMs: 60_000,
  askAgainAfterMs: 8000,
  nodAnswersMs: 1500,
};

/** The bounds of the machine with what the user has chosen. */
export function turnConfigOf({ endpointing, reprompt }: TurnSettings): TurnConfig {
  const askAgainAfterMs = reprompt ? defaultTurnConfig.askAgainAfterMs : null;
  return { ...defaultTurnConfig, endpointing: chosenPolicy(endpointing), askAgainAfterMs };
}
