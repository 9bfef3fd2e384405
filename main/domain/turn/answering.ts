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

export function cancelAnswer(draft: Draft, reason: CancelReason): void {
  const { state } = draft;
  if (!state.answer) return;
  draft.effects.push({ type: 'cancel-answer', answerNumber: state.answer.number, reason });
  state.answer = null;
}
