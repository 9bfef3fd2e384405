import { ParleyError, type SerialisedError } from '../contract/errors.ts';

/** For an answer to begin, reconnecting included: a provider that has lost a turn must not leave the user waiting. */
export const ANSWER_BEGINS_WITHIN_MS = 20_000;

/** It has not begun by then. */
export function answerTooLate(): SerialisedError {
  const message = 'The provider did not answer in time.';
  return new ParleyError({ code: 'call-timeout', stage: 'think', message, retryable: true }).serialise();
}
