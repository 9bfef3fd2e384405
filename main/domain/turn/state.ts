import type { InputMode } from '../../contract/state.ts';
import { NO_HABITS, type SpeakerHabits } from '../endpointing/speaker-habits.ts';
import { NOTHING_HEARD, type SoundLevel } from '../barge-in/sound-level.ts';

/** What the recogniser and the turn detector said about an utterance up to `toSample`. */
export interface Reading {
  toSample: number;
  text: string;
  completeProbability: number | null;
  /** The words are those that the loudspeaker has just said. */
  echoes: boolean;
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
  /** When to decide by what is known; later, once, for a reading that is on its way. */
  decideAtMs: number;
  isExtended: boolean;
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
  /** Of the windows that held speech. */
  level: SoundLevel;
  pause: Pause | null;
  reading: Reading | null;
  /** A reading is on its way ("the recogniser may lag"). */
  awaiting: { toSample: number; untilMs: number } | null;
  /** The newest transcript, and up to where it reaches. */
  partial: { text: string; endSample: number; echoes: boolean } | null;
  /** Words that the language model was asked about, and what it said: how probable it is that they are a whole sentence. */
  sentenceEnd: { text: string; probability: number | null } | null;
  sentenceEndsAsked: number;
  overlap: Overlap | null;
  /** It began while an answer was under way. */
  overAnswer: boolean;
  /** It has ended an answer. */
  interrupted: boolean;
  /** Answers started before the end was certain. */
  speculations: number;
  /** Push-to-talk was let go: the utterance ends when it is read, whatever the voice activity. */
  releasedAtMs: number | null;
  /** What was captured by then belongs to the utterance, though the listening may be behind. */
  releasedAtSample: number;
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
  /** A skill or the table of replies has all of it, and misses nothing. Null: it has to be thought about. */
  knownBy: 'skill' | 'cache' | null;
  audibleSinceMs: number | null;
  /** Last resort against an answer that never speaks and never ends. */
  abandonAtMs: number;
}

/** The last turn that was ended, kept in case the user goes on speaking. */
export interface EndedTurn {
  turnId: number;
  startSample: number;
  endSample: number;
  /** What was known of the speaker before its end was called. */
  habitsBefore: SpeakerHabits;
}

/** The assistant has asked something and waits. */
export interface OpenQuestion {
  /** When it asks again; null when it does not (any more). */
  askAgainAtMs: number | null;
}

/** What was taken for a nod under the last words of a question, in case it is the answer to it. */
export interface Nod {
  turnId: number;
  text: string;
  startSample: number;
  endSample: number;
  endedAtMs: number;
}

export interface TurnState {
  inputMode: InputMode;
  muted: boolean;
  pushToTalkHeld: boolean;
  /** End of the newest audio that was heard, and when that was. */
  latestSample: number;
  latestSampleAtMs: number;
  /** The microphone is off while the loudspeaker plays: an answer hears nobody. */
  halfDuplex: boolean;
  /** Speech windows in a row, where the first of them began, and until when an answer is held for their sake; null when it is not. */
  onset: { windows: number; fromSample: number; level: SoundLevel; heldUntilMs: number | null };
  utterance: Utterance | null;
  /** At most one: there are never two answers at once. */
  answer: Answer | null;
  endedTurn: EndedTurn | null;
  question: OpenQuestion | null;
  nod: Nod | null;
  habits: SpeakerHabits;
  /** Of the user's last turns, in dBFS, the newest last. */
  voiceLevelsDbfs: readonly number[];
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
    halfDuplex: false,
    onset: { windows: 0, fromSample: 0, level: NOTHING_HEARD, heldUntilMs: null },
    utterance: null,
    answer: null,
    endedTurn: null,
    question: null,
    nod: null,
    habits: NO_HABITS,
    voiceLevelsDbfs: [],
    notices: [],
    nextUtteranceId: 1,
    nextAnswerNumber: 1,
    nextTurnId: 1,
  };
}
