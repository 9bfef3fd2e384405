import type { CallOptions } from './call-options.ts';

/** A stretch of the answer that is spoken in one go, with its place in the answer's text. */
export interface Clause {
  text: string;
  startChar: number;
  endChar: number;
}

export type ReplyPiece =
  /** A language model has begun to write; only for the timeline. */
  | { type: 'first-token' }
  /** Appended to the text of the answer. */
  | { type: 'text'; text: string }
  /** Ready to be spoken. The text it covers was given before. `audio` is there when it was rendered ahead. */
  | { type: 'clause'; clause: Clause; audio?: { pcm: Float32Array; sampleRateHz: number } };

export interface PastExchange {
  user: string;
  /** What of the answer was really heard; "" when nothing was. */
  heard: string;
}

export interface ReplyRequest {
  history: readonly PastExchange[];
  userText: string;
}

/** Makes the words of an answer: a language model, a cache, code. */
export interface Responder {
  /** Pieces of one answer. Abort throws `cancelled`. */
  respond(request: ReplyRequest, options?: CallOptions): AsyncIterable<ReplyPiece>;
  /** The user is saying something that begins like this: prepare what can be prepared. A newer call replaces an older one. Never throws. */
  anticipate(request: ReplyRequest): void;
}
