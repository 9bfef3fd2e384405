import type { SerialisedError } from '../../contract/errors.ts';

/** Why an answer was taken back. */
export type CancelReason = 'barge-in' | 'superseded' | 'stopped' | 'timeout' | 'shutdown';
/** Why speech led to no turn. */
export type DropReason =
  'nothing-said' | 'backchannel' | 'background' | 'echo' | 'muted' | 'mode-changed' | 'typed-instead';

/** What the session is to do, in order. Data only: the machine does nothing itself. */
export type TurnEffect =
  | { type: 'begin-utterance'; utteranceId: number; turnId: number; fromSample: number }
  | { type: 'read-utterance'; utteranceId: number; toSample: number }
  /** Ask the language model how probable it is that these words are a whole sentence. */
  | { type: 'ask-sentence-end'; utteranceId: number; turnId: number; text: string }
  | { type: 'end-utterance'; utteranceId: number }
  /** The utterance was no turn; a line that shows it goes. */
  | { type: 'drop-utterance'; turnId: number; reason: DropReason }
  | { type: 'start-answer'; answerNumber: number; turnId: number; userText: string; speculative: boolean }
  /** Nobody has the floor: say it, as an answer without a user turn. */
  | { type: 'start-notice'; answerNumber: number; turnId: number; noticeId: number }
  /** The question that the last answer ended with stays unanswered: ask once more. */
  | { type: 'ask-again'; answerNumber: number; turnId: number }
  /** The end of the turn is certain: a speculative answer may be heard. */
  | { type: 'release-answer'; answerNumber: number }
  | { type: 'cancel-answer'; answerNumber: number; reason: CancelReason }
  /** Hold the loudspeaker where it is, or go on. */
  | { type: 'hold'; held: boolean }
  /** The user's turn is final; `lastSpeechSample` is where voice-to-voice is counted from. */
  | {
      type: 'turn-ended';
      turnId: number;
      text: string;
      source: 'voice' | 'typed';
      lastSpeechSample: number;
      endpointMs: number;
    }
  /** The user went on after the end was called: the turn is open again and its answer never was. */
  | { type: 'turn-reopened'; turnId: number }
  | { type: 'turn-failed'; turnId: number; error: SerialisedError };
