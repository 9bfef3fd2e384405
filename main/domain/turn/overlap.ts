import { decideOverlap } from '../barge-in/decide-overlap.ts';
import { cancelAnswer } from './answering.ts';
import type { Draft } from './draft.ts';
import { dropUtterance } from './ending.ts';
import type { Utterance } from './state.ts';
import { askForReading, currentReading, msOf } from './utterance.ts';

/** The user makes a sound while an answer is thought or spoken: hold it at once, look at the words soon, then decide. */
export function beginOverlap(draft: Draft, utterance: Utterance): void {
  utterance.overlap = {
    sinceMs: draft.nowMs,
    holding: true,
    lookAtMs: draft.nowMs + draft.config.overlapLookMs,
    decideAtMs: draft.nowMs + draft.config.overlapDecideMs,
  };
  draft.effects.push({ type: 'hold', held: true });
}

/** Decides an overlap when the evidence suffices, and asks for evidence when it is time. */
export function settleOverlap(draft: Draft): void {
  const { utterance, answer } = draft.state;
  const overlap = utterance?.overlap;
  if (!utterance || !overlap) return;
  if (!answer) {
    // The answer ended by itself meanwhile: nothing is left to interrupt.
    stopHolding(draft, utterance);
    utterance.overlap = null;
    return;
  }
  const covered = currentReading(utterance);
  const text = covered?.text ?? utterance.partial?.text ?? null;
  const decision = decideOverlap({
    text,
    speechMs: utterance.speechMs,
    stillTalking: !(utterance.pause && covered),
    silenceMs: utterance.pause ? draft.nowMs - utterance.pause.sinceMs : 0,
    mustDecide: draft.nowMs >= overlap.decideAtMs,
  });
  if (decision === 'yield') return yieldFloor(draft, utterance);
  if (decision === 'go-on') return keepFloor(draft, utterance);
  if (overlap.lookAtMs !== null && draft.nowMs >= overlap.lookAtMs && !utterance.awaiting) {
    overlap.lookAtMs = null;
    askForReading(draft, utterance, draft.state.latestSample);
  }
}

function stopHolding(draft: Draft, utterance: Utterance): void {
  if (!utterance.overlap?.holding) return;
  utterance.overlap.holding = false;
  draft.effects.push({ type: 'hold', held: false });
}

function yieldFloor(draft: Draft, utterance: Utterance): void {
  const { answer, endedTurn } = draft.state;
  const heardMs = answer?.audibleSinceMs == null ? 0 : utterance.overlap!.sinceMs - answer.audibleSinceMs;
  cancelAnswer(draft, 'barge-in');
  stopHolding(draft, utterance);
  utterance.overlap = null;
  utterance.interrupted = true;
  if (endedTurn && answer?.turnId === endedTurn.turnId && heardMs < draft.config.resumeHeardMs) {
    continueEndedTurn(draft, utterance);
  }
}

/** The user only went on after a pause that was taken for the end: one turn, not two. */
function continueEndedTurn(draft: Draft, utterance: Utterance): void {
  const { state, config } = draft;
  const endedTurn = state.endedTurn!;
  const gapMs = msOf(utterance.startSample - endedTurn.endSample);
  if (gapMs > config.resumeWithinMs) return;
  draft.effects.push({ type: 'end-utterance', utteranceId: utterance.id });
  draft.effects.push({ type: 'turn-reopened', turnId: endedTurn.turnId });
  utterance.id = state.nextUtteranceId++;
  utterance.turnId = endedTurn.turnId;
  utterance.interrupted = false;
  utterance.startSample = endedTurn.startSample;
  utterance.reading = null;
  utterance.partial = null;
  state.endedTurn = null;
  draft.effects.push({
    type: 'begin-utterance',
    utteranceId: utterance.id,
    turnId: utterance.turnId,
    fromSample: utterance.startSample,
  });
  utterance.awaiting = null;
  if (utterance.pause) askForReading(draft, utterance, state.latestSample);
}

/** The answer goes on. The utterance stays open until the user is silent: more words may still make it an interruption. */
function keepFloor(draft: Draft, utterance: Utterance): void {
  stopHolding(draft, utterance);
  if (utterance.pause && currentReading(utterance)) {
    dropUtterance(draft, currentReading(utterance)!.text === '' ? 'nothing-said' : 'backchannel');
  }
}
