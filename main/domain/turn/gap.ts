import type { Draft } from './draft.ts';
import { dropUtterance } from './ending.ts';
import { forgetOnset } from './onset-hold.ts';
import type { TurnState } from './state.ts';

/**
 * The machine slept, or the capture stood still for seconds. What was being said is taken as it was heard; deadlines that passed while
 * nothing could happen have not passed.
 */
export function bridgeGap(draft: Draft, clockMs: number): void {
  const { state, config, nowMs } = draft;
  moveDeadlines(state, clockMs);
  forgetOnset(draft);
  // Whether a key is still down is not known any more.
  state.pushToTalkHeld = false;
  const { utterance } = state;
  if (!utterance) return;
  // What it was about to say over the answer is not known; the answer goes on.
  if (utterance.overlap) dropUtterance(draft, 'nothing-said');
  else utterance.releasedAtMs ??= nowMs - config.releaseTailMs;
}

function moveDeadlines(state: TurnState, byMs: number): void {
  const { utterance, answer, question, onset } = state;
  state.latestSampleAtMs += byMs;
  if (onset.heldUntilMs !== null) onset.heldUntilMs += byMs;
  if (answer) answer.abandonAtMs += byMs;
  if (question?.askAgainAtMs != null) question.askAgainAtMs += byMs;
  if (!utterance) return;
  if (utterance.awaiting) utterance.awaiting.untilMs += byMs;
  if (utterance.releasedAtMs !== null) utterance.releasedAtMs += byMs;
  if (utterance.pause) {
    utterance.pause.sinceMs += byMs;
    utterance.pause.endsAtMs += byMs;
  }
}
