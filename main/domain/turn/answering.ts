import type { Draft } from './draft.ts';
import type { CancelReason } from './effects.ts';

export function startAnswer(draft: Draft, options: { turnId: number; userText: string; speculative: boolean }): void {
  const { state } = draft;
  const number = state.nextAnswerNumber++;
  state.answer = {
    number,
    ...options,
    audibleSinceMs: null,
    abandonAtMs: draft.nowMs + draft.config.answerAbandonMs,
  };
  draft.effects.push({ type: 'start-answer', answerNumber: number, ...options });
}

/** Says something unasked; from there on it is an answer like any other, which may be held and interrupted. */
export function startNotice(draft: Draft, noticeId: number): void {
  const { state } = draft;
  const number = state.nextAnswerNumber++;
  const turnId = state.nextTurnId++;
  // What the user says over a notice is no continuation of what they said before it.
  state.endedTurn = null;
  state.answer = {
    number,
    turnId,
    userText: '',
    speculative: false,
    audibleSinceMs: null,
    abandonAtMs: draft.nowMs + draft.config.answerAbandonMs,
  };
  draft.effects.push({ type: 'start-notice', answerNumber: number, turnId, noticeId });
}

export function cancelAnswer(draft: Draft, reason: CancelReason): void {
  const { state } = draft;
  if (!state.answer) return;
  draft.effects.push({ type: 'cancel-answer', answerNumber: state.answer.number, reason });
  state.answer = null;
}
