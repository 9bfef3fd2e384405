import type { Draft } from './draft.ts';
import type { CancelReason } from './effects.ts';

export function startAnswer(draft: Draft, options: { turnId: number; userText: string; speculative: boolean }): void {
  const answerNumber = openAnswer(draft, options);
  draft.effects.push({ type: 'start-answer', answerNumber, ...options });
}

function openAnswer(draft: Draft, options: { turnId: number; userText: string; speculative: boolean }): number {
  const number = draft.state.nextAnswerNumber++;
  const abandonAtMs = draft.nowMs + draft.config.answerAbandonMs;
  draft.state.answer = { number, ...options, knownBy: null, audibleSinceMs: null, abandonAtMs };
  return number;
}

/** Says something unasked; from there on it is an answer like any other, which may be held and interrupted. */
export function startUnasked(draft: Draft): { answerNumber: number; turnId: number } {
  const turnId = draft.state.nextTurnId++;
  // What the user says over it is no continuation of what they said before it.
  draft.state.endedTurn = null;
  return { answerNumber: openAnswer(draft, { turnId, userText: '', speculative: false }), turnId };
}

export function cancelAnswer(draft: Draft, reason: CancelReason): void {
  const { state } = draft;
  if (!state.answer) return;
  draft.effects.push({ type: 'cancel-answer', answerNumber: state.answer.number, reason });
  state.answer = null;
}
