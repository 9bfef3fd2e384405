import { isFarOff, NOTHING_HEARD } from '../barge-in/sound-level.ts';
import type { Draft } from './draft.ts';
import type { TurnState } from './state.ts';

/** Without another window the hold of an onset ends: the device may be gone. */
const ONSET_HOLD_MS = 160;

export const NO_ONSET: TurnState['onset'] = { windows: 0, fromSample: 0, level: NOTHING_HEARD, heldUntilMs: null };

/**
 * A first window that is surely a voice silences the answer 32 ms sooner than waiting for the second one. When it was a click, the answer
 * goes on from the same sample a window later.
 */
export function holdAtFirstWindow(draft: Draft, probability: number): void {
  const { state, config, nowMs } = draft;
  if (state.answer?.audibleSinceMs == null || probability < config.sureProbability) return;
  if (isFarOff(state.onset.level, state.voiceLevelsDbfs)) return;
  state.onset.heldUntilMs = nowMs + ONSET_HOLD_MS;
  draft.effects.push({ type: 'hold', held: true });
}

/** What began to sound like speech is none, or is not to be heeded; an answer that was held for it goes on. */
export function forgetOnset(draft: Draft): void {
  if (draft.state.onset.heldUntilMs !== null) draft.effects.push({ type: 'hold', held: false });
  draft.state.onset = { ...NO_ONSET };
}

/** No hold outlives what it is for. */
export function settleOnset(draft: Draft): void {
  const { onset, answer } = draft.state;
  if (onset.heldUntilMs !== null && (!answer || draft.nowMs >= onset.heldUntilMs)) forgetOnset(draft);
}
