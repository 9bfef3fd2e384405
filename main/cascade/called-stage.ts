import { matchWakePhrase } from '../domain/wake/wake-phrase.ts';
import type { ReplyRequest } from '../ports/responder.ts';
import type { ReadyAnswer, ReadyStage } from './responder-chain.ts';

export const CALLED_ANSWER = 'Yes?';

/** Called by its phrase and nothing else, Parley shows that it listens. */
export class CalledStage implements ReadyStage {
  readonly source = 'skill';
  readonly #phrase: () => string | null;

  /** `phrase`: what it is called by, or null while it need not be called. */
  constructor(phrase: () => string | null) {
    this.#phrase = phrase;
  }

  tryRespond({ userText }: Pick<ReplyRequest, 'userText'>): ReadyAnswer | null {
    const phrase = this.#phrase();
    if (phrase === null) return null;
    const match = matchWakePhrase(userText, phrase);
    return match.type === 'called' && match.rest === '' ? { name: 'called', text: CALLED_ANSWER } : null;
  }
}
