import { decideOverlap } from '../barge-in/decide-overlap.ts';
import { isFarOff, meanProbability } from '../barge-in/sound-level.ts';
import { learnPause } from '../endpointing/speaker-habits.ts';
import { cancelAnswer } from './answering.ts';
import type { Draft } from './draft.ts';
import { dropUtterance } from './ending.ts';
import type { Utterance } from './state.ts';
import { askForReading, currentReading, msOf } from './utterance.ts';

/** The user makes a sound while an answer is thought or spoken: hold it at once, look at the words soon, then decide. */
/** `isHeld`: it is held already, since its first window. */
export function beginOverlap(draft: Draft, utterance: Utterance, { isHeld }: { isHeld: boolean }): void {
  utterance.overAnswer = true;
  utterance.overlap = {
    sinceMs: draft.nowMs,
    holding: true,
    lookAtMs: draft.nowMs + draft.config.overlapLookMs,
    decideAtMs: draft.nowMs + draft.config.overlapDecideMs,
    isExtended: false,
  };
  if (!isHeld) draft.effects.push({ type: 'hold', held: true });
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
  const heard = covered ?? utterance.partial;
  if (!heard && utterance.awaiting && !overlap.isExtended && draft.nowMs >= overlap.decideAtMs) {
    overlap.isExtended = true;
    overlap.decideAtMs = draft.nowMs + draft.config.overlapLateMs;
  }
  const decision = decideOverlap({
    text: heard?.text ?? null,
    echoes: heard?.echoes ?? false,
    isFarOff: isFarOff(utterance.level, draft.state.voiceLevelsDbfs),
    voiceProbability: meanProbability(utterance.level),
    answerSounds: answer.audibleSinceMs !== null,
    speechMs: utterance.speechMs,
    stillTalking: !(utterance.pause && covered),
    silenceMs: utterance.pause ? draft.nowMs - utterance.pause.sinceMs : 0,
    mustDecide: draft.nowMs >= overlap.decideAtMs,
  });
  if (decision === 'yield') return yieldFloor(draft, utterance);
  if (decision === 'go-on') keepFloor(draft, utterance);
  if (draft.state.utterance !== utterance) return;
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
    continueEndedTurn(draft, utterance, { wasHeard: heardMs > 0 });
  }
}

/** The user only went on after a pause that was taken for the end: one turn, not two. */
function continueEndedTurn(draft: Draft, utterance: Utterance, { wasHeard }: { wasHeard: boolean }): void {
  const { state, config } = draft;
  const endedTurn = state.endedTurn!;
  const gapMs = msOf(utterance.startSample - endedTurn.endSample);
  const limitMs = wasHeard ? config.resumeWithinMs : config.resumeWhileThinkingMs;
  const isTooLong = msOf(state.latestSample - endedTurn.startSample) > config.longestReopenedMs;
  if (gapMs > limitMs || isTooLong) return;
  // The end was called in what was only a pause.
  if (gapMs <= config.resumeWithinMs) state.habits = learnPause(endedTurn.habitsBefore, gapMs, { wasCut: true });
  draft.effects.push({ type: 'end-utterance', utteranceId: utterance.id });
  draft.effects.push({ type: 'turn-reopened', turnId: endedTurn.turnId });
  utterance.id = state.nextUtteranceId++;
  utterance.turnId = endedTurn.turnId;
  utterance.interrupted = false;
  utterance.overAnswer = false;
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
  const reading = currentReading(utterance);
  if (!utterance.pause || !reading) return;
  const { turnId, startSample, lastSpeechSample: endSample } = utterance;
  const { text } = reading;
  dropUtterance(draft, text === '' ? 'nothing-said' : 'backchannel');
  if (text !== '') draft.state.nod = { turnId, text, startSample, endSample, endedAtMs: utterance.pause.sinceMs };
}
