import type { AnswerSource } from '../contract/state.ts';
import type { VoiceCue } from '../contract/voice-cues.ts';
import type { CallOptions } from './call-options.ts';

/** A stretch of the answer that is spoken in one go, with its place in the answer's text. */
export interface Clause {
  text: string;
  startChar: number;
  endChar: number;
}

/**
 * Something that an answer does besides being said: a timer is set. Answers are prepared before the user's turn is certainly over, so it
 * is done when the answer is about to be heard, never for one that is dropped; and it is undone when the user turns out to have gone on.
 */
export interface AnswerEffect {
  /** Does it, and returns how to undo it. A throw fails the answer before a word of it is heard. */
  apply(): () => void;
}

export type ReplyPiece =
  /** Which stage answers; the first piece, where it is known. */
  | { type: 'source'; source: AnswerSource }
  /** Before the first clause. */
  | { type: 'effect'; effect: AnswerEffect }
  /** A language model has begun to write; only for the timeline. */
  | { type: 'first-token' }
  /** Appended to the text of the answer. */
  | { type: 'text'; text: string }
  /** Ready to be spoken. The text it covers was given before. `audio` is there when it was rendered ahead. */
  | { type: 'clause'; clause: Clause; audio?: { pcm: Float32Array; sampleRateHz: number } };

export interface PastExchange {
  /** "" when the answer was a notice that nobody had asked for. */
  user: string;
  /** What of the answer was really heard; "" when nothing was. */
  heard: string;
}

export interface ReplyRequest {
  history: readonly PastExchange[];
  userText: string;
  /** What a language model is told of itself instead of the usual. */
  instructions?: string;
  /** How it was said, where that is measured and may be used. `promptLine`: what a language model may be told of it. */
  voice?: { cue: VoiceCue; promptLine: string | null };
}

export interface RespondOptions extends CallOptions {
  /** Resolves when the answer may be heard: the user's turn is over. Also when it is interrupted. Default: it may be. */
  released?: Promise<void>;
}

/** Makes the words of an answer: a language model, a cache, code. */
export interface Responder {
  /** Pieces of one answer. Abort throws `cancelled`. */
  respond(request: ReplyRequest, options?: RespondOptions): AsyncIterable<ReplyPiece>;
  /** The user is saying something that begins like this: prepare what can be prepared. A newer call replaces an older one. Never throws. */
  anticipate(request: ReplyRequest): void;
}
