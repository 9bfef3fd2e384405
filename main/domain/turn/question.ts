import { startUnasked } from './answering.ts';
import type { Draft } from './draft.ts';
import { endTurn } from './ending.ts';
import type { TurnState } from './state.ts';

/** The answer is over; when it was a question, an answer to it is waited for, and may have been given already. */
export function finishAnswer(draft: Draft, { answerNumber, asked }: { answerNumber: number; asked: boolean }): void {
  const { state, config, nowMs } = draft;
  if (state.answer?.number !== answerNumber) return;
  state.answer = null;
  const { nod } = state;
  state.nod = null;
  if (!asked) return;
  const asksAgain = config.askAgainAfterMs !== null && state.inputMode === 'hands-free' && !state.muted;
  state.question = { askAgainAtMs: asksAgain ? nowMs + config.askAgainAfterMs! : null };
  // "Yes" under the last word of a question is no nod.
  if (nod && !state.utterance && nowMs - nod.endedAtMs <= config.nodAnswersMs) {
    endTurn(draft, { ...nod, endpointMs: nowMs - nod.endedAtMs });
  }
}

/** Nobody is to be asked again: they have answered otherwise, or want quiet. */
export function leaveQuestion({ question }: TurnState): void {
  if (question) question.askAgainAtMs = null;
}

/** Asks once more when the question has stayed unanswered, and then never again. */
export function settleQuestion(draft: Draft): void {
  const { state, config, nowMs } = draft;
  const { question } = state;
  if (question?.askAgainAtMs == null) return;
  if (isTaken(state)) {
    // Somebody makes a sound, or something else is said: silence begins anew.
    question.askAgainAtMs = Math.max(question.askAgainAtMs, nowMs + (config.askAgainAfterMs ?? 0));
    return;
  }
  if (nowMs < question.askAgainAtMs) return;
  question.askAgainAtMs = null;
  draft.effects.push({ type: 'ask-again', ...startUnasked(draft) });
}

function isTaken({ utterance, answer, pushToTalkHeld }: TurnState): boolean {
  return utterance !== null || answer !== null || pushToTalkHeld;
}

/** When to ask again, as things are; null: not, or not yet. */
export function askAgainAtMs(state: TurnState): number | null {
  return isTaken(state) ? null : (state.question?.askAgainAtMs ?? null);
}
