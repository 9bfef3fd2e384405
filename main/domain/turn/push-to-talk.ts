import { cancelAnswer } from './answering.ts';
import type { Draft } from './draft.ts';
import { openUtterance, samplesOf } from './utterance.ts';

/** The key goes down: the floor is the user's at once, an answer that is under way ends. */
export function holdTalkKey(draft: Draft): void {
  const { state, config } = draft;
  if (state.inputMode !== 'push-to-talk' || state.pushToTalkHeld || state.muted) return;
  state.pushToTalkHeld = true;
  if (state.utterance) {
    // Pressed again before the last words were read: the same turn goes on.
    state.utterance.releasedAtMs = null;
    state.utterance.finalSample = null;
    state.utterance.awaiting = null;
    state.utterance.pause = null;
    return;
  }
  const interrupted = state.answer !== null;
  cancelAnswer(draft, 'barge-in');
  const startSample = Math.max(0, state.latestSample - samplesOf(config.preRollMs));
  openUtterance(draft, { startSample, lastSpeechSample: state.latestSample }).interrupted = interrupted;
}

/** The key goes up: the turn ends as soon as it is read; pauses before that did not matter. */
export function releaseTalkKey(draft: Draft, capturedSample: number): void {
  const { state } = draft;
  if (!state.pushToTalkHeld) return;
  state.pushToTalkHeld = false;
  if (!state.utterance) return;
  state.utterance.releasedAtMs = draft.nowMs;
  state.utterance.releasedAtSample = capturedSample;
}
