import type { InputMode } from '../../contract/state.ts';

/** What the recogniser and the turn detector said about an utterance up to `toSample`. */
export interface Reading {
  toSample: number;
  text: string;
  completeProbability: number | null;
}

/** A silence inside an utterance: the turn may end here, or the speaker may go on. */
export interface Pause {
  /** When the last speech sample was spoken, on the clock. */
  sinceMs: number;
  /** The turn ends at this moment unless speech comes back first ("the user may resume"). */
  endsAtMs: number;
  /** Speech windows in a row since the pause began: two end it, one only postpones the end. */
  speechWindows: number;
}

/** The user makes a sound while an answer is under way: it is held until we know whether they want the floor. */
export interface Overlap {
  sinceMs: number;
  /** Whether the answer is being held; false once the sound was judged to be no interruption. */
  holding: boolean;
  /** When to ask for a first reading, or null when that was done. */
  lookAtMs: number | null;
  /** When to decide by what is known. */
  decideAtMs: number;
}

/** One stretch of user speech, from its first sound until it becomes (a part of) a turn or is dropped. */
export interface Utterance {
  id: number;
  turnId: number;
  startSample: number;
  /** End of the last window that held speech. */
  lastSpeechSample: number;
  /** Sum of windows that held speech. */
  speechMs: number;
  pause: Pause | null;
  reading: Reading | null;
  /** A reading is on its way ("the recogniser may lag"). */
  awaiting: { toSample: number; untilMs: number } | null;
  /** The newest transcript, and up to where it reaches. */
  partial: { text: string; endSample: number } | null;
  overlap: Overlap | null;
  /** It has ended an answer. */
  interrupted: boolean;
  /** Answers started before the end was certain. */
  speculations: number;
  /** Push-to-talk was let go: the utterance ends when it is read, whatever the voice activity. */
  releasedAtMs: number | null;
  /** Up to where the last reading after that was asked for. */
  finalSample: number | null;
}

export interface Answer {
  number: number;
  turnId: number;
  /** The user's words that it answers. */
  userText: string;
  /** A speculative answer is being prepared but must not be heard before the turn has ended. */
  speculative: boolean;
  audibleSinceMs: number | null;
  /** Last resort against an answer that never speaks and never ends. */
  abandonAtMs: number;
}

/** The last turn that was ended, kept in case the user goes on speaking. */
export interface EndedTurn {
  turnId: number;
  startSample: number;
  endSample: number;
}

export interface TurnState {
  inputMode: InputMode;
  muted: boolean;
  pushToTalkHeld: boolean;
  /** End of the newest audio that was heard, and when that was. */
  latestSample: number;
  latestSampleAtMs: number;
  /** Speech windows in a row, and where the first of them began. */
  onset: { windows: number; fromSample: number };
  utterance: Utterance | null;
  /** At most one: there are never two answers at once. */
  answer: Answer | null;
  endedTurn: EndedTurn | null;
  /** Notices that wait for the floor, the oldest first. */
  notices: number[];
  nextUtteranceId: number;
  nextAnswerNumber: number;
  nextTurnId: number;
}

export function initialTurnState(inputMode: InputMode = 'hands-free'): TurnState {
  return {
    inputMode,
    muted: false,
    pushToTalkHeld: false,
    latestSample: 0,
    latestSampleAtMs: 0,
    onset: { windows: 0, fromSample: 0 },
    utterance: null,
    answer: null,
    endedTurn: null,
    notices: [],
    nextUtteranceId: 1,
    nextAnswerNumber: 1,
    nextTurnId: 1,
  };
}
