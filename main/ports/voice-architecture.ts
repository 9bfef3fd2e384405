import type { ArchitectureCapabilities, ArchitectureKind } from '../contract/architecture.ts';
import type { CaptureAccount } from '../contract/capture-chain.ts';
import type { SerialisedError } from '../contract/errors.ts';
import type { ClaimedEmotion } from '../contract/speech-to-speech.ts';
import type { AnswerSource, Floor, InputMode, TurnTiming } from '../contract/state.ts';
import type { AudioBus, CaptureFrame, PlaybackProgress } from './audio-devices.ts';
import type { CallOptions } from './call-options.ts';
import type { PastExchange, ReplyPiece } from './responder.ts';

export type VoiceEvent =
  | { type: 'floor'; floor: Floor }
  /** The words of a user turn so far, or finally. A final turn may be opened again when the user goes on. */
  | {
      type: 'user-text';
      turnId: number;
      text: string;
      stableChars: number;
      final: boolean;
      source: 'voice' | 'typed';
      /** Of a final turn that was spoken: what was done to the microphone's sound. */
      capture?: CaptureAccount | null;
      /** What the recogniser of this machine understood, where somebody else listens. */
      recognisedLocally?: string;
      claimedEmotion?: ClaimedEmotion;
    }
  /** What was taken for a turn is none. */
  | { type: 'user-dropped'; turnId: number }
  | { type: 'turn-failed'; turnId: number; error: SerialisedError }
  | { type: 'answer-started'; answerNumber: number; turnId: number }
  | { type: 'answer-text'; answerNumber: number; text: string; heardChars: number }
  | {
      type: 'answer-ended';
      answerNumber: number;
      turnId: number;
      outcome: 'done' | 'interrupted' | 'failed';
      text: string;
      heardChars: number;
      error: SerialisedError | null;
      timing: TurnTiming;
      /** null when the answer ended before that was known. */
      answeredBy: AnswerSource | null;
    }
  /** What was heard of an answer that has ended, as the recogniser of this machine understood it. */
  | { type: 'answer-recognised'; answerNumber: number; text: string }
  /** The answer was taken back before a word of it was heard: the user had not finished. */
  | { type: 'answer-withdrawn'; answerNumber: number }
  /** The last event of a session that cannot go on (its server is gone). Answers that were open have ended before. Never sent by a cascade on this machine. */
  | { type: 'session-failed'; error: SerialisedError };

/** The part of the audio bus that an architecture speaks through. */
export type Loudspeaker = Pick<AudioBus, 'play' | 'endAnswer' | 'stopAnswer' | 'setHeld'>;

export interface SessionOptions {
  loudspeaker: Loudspeaker;
  history: readonly PastExchange[];
  inputMode: InputMode;
  onEvent(event: VoiceEvent): void;
}

/** Something to be said that nobody asked for just now: an alarm rings. */
export interface Notice {
  /** Asked for when its moment has come. */
  respond(options: CallOptions): AsyncIterable<ReplyPiece>;
  /** Once, when it is over: said, interrupted, or never begun because the session was closed. */
  onEnded?(end: { outcome: 'done' | 'interrupted' | 'failed'; heardChars: number }): void;
}

/**
 * A conversation, duplex first: audio goes in at any time, events and audio come out at any time. Audio goes straight to the loudspeaker,
 * which paces its producer; events are delivered at once and never wait behind audio.
 */
export interface VoiceSession {
  push(frames: CaptureFrame[]): void;
  playback(progress: PlaybackProgress): void;
  say(text: string): void;
  /** Says something as soon as nobody has the floor. At most 16 wait; the oldest gives way. */
  announce(notice: Notice): void;
  stop(): void;
  setInputMode(mode: InputMode): void;
  setMuted(muted: boolean): void;
  pushToTalk(held: boolean): void;
  /** The process that listens was lost: an open utterance is gone, which is reported; the rest goes on. */
  listenerLost(error: SerialisedError): void;
  /** What was said and heard so far, to be carried over to another architecture. */
  readonly history: readonly PastExchange[];
  /** Silences what is being said; resolves when `history` holds what was heard of it. No event but the ends of open answers follows. */
  close(): Promise<void>;
}

export interface VoiceArchitecture {
  readonly id: string;
  readonly label: string;
  readonly kind: ArchitectureKind;
  readonly capabilities: ArchitectureCapabilities;
  /** Why it cannot be opened now and what to do about it, in words for the user; null: it can. */
  readonly unavailable: string | null;
  /** Rejects with a ParleyError when there can be no session (no network, wrong key); nothing is left behind then. */
  open(options: SessionOptions): Promise<VoiceSession>;
}
