import type { ReplyPiece } from '../ports/responder.ts';
import type { Notice } from '../ports/voice-architecture.ts';

/** No questions, lest they call for an answer themselves. */
const SENTENCES = ['I am still here. Take your time.', 'No hurry. Just say it when you are ready.'];

/** A gentle word when a question of the assistant's stays without an answer; `times` it was said before in this conversation. */
export function askAgain(times: number): Notice {
  const text = SENTENCES[times % SENTENCES.length]!;
  return {
    async *respond(): AsyncGenerator<ReplyPiece> {
      yield { type: 'source', source: 'notice' };
      yield { type: 'text', text };
      yield { type: 'clause', clause: { text, startChar: 0, endChar: text.length } };
    },
  };
}
