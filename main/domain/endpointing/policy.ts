import type { Manner } from './speaker-habits.ts';

/** What is known at a pause, when a policy is asked how long to wait. */
export interface PauseEvidence {
  /** The transcript so far; null while the recogniser is still reading. */
  text: string | null;
  /** Probability from the sound alone that the turn is complete; null without a turn detector or reading. */
  completeProbability: number | null;
  /** Probability, by the language model, that the words are a whole sentence. Default: not known. */
  sentenceEnd?: number | null;
  /** How much speech there was. */
  speechMs: number;
  /** How this speaker pauses, from what was heard in this session. Default: like most people. */
  manner?: Manner;
  /** The last thing that the assistant said was a question. Default false. */
  answersQuestion?: boolean;
  /** Code or the table of replies has understood the whole of these words, and its answer asks nothing back. Default false. */
  isKnown?: boolean;
}

/** Decides when a turn is over, as a delay that adapts to the evidence rather than a yes or no. */
export interface EndpointingPolicy {
  readonly name: string;
  /** Silence in ms, counted from the last speech sample, after which the turn is over. Called anew when evidence arrives. */
  delayMs(evidence: PauseEvidence): number;
  /** Silence after which a request is over that code has understood and has an answer to. Default: like any other turn. */
  readonly knownRequestMs?: number;
  /** Whether it would help to know how probable it is that these words are a whole sentence. Default: it would not. */
  asksSentenceEnd?(evidence: PauseEvidence): boolean;
  /** Whether an answer should be prepared before the end is certain. */
  speculate(evidence: PauseEvidence): boolean;
}
