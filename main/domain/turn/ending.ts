import type { SerialisedError } from '../../contract/errors.ts';
import { isFarOff, levelDbfs, rememberLevel } from '../barge-in/sound-level.ts';
import { learnCleanEnd, type SpeakerHabits } from '../endpointing/speaker-habits.ts';
import { onlyAsksForSilence, bareWords } from '../barge-in/vocabulary.ts';
import { cancelAnswer, startAnswer } from './answering.ts';
import type { Draft } from './draft.ts';
import { evidenceOf } from './evidence.ts';
import type { DropReason } from './effects.ts';
import type { Reading, TurnState, Utterance } from './state.ts';
import { knownRequest } from './known-request.ts';
import { forgetOnset } from './onset-hold.ts';
import { askForReading, currentReading, IN_FLIGHT_MS, msOf, releaseIsOverAtMs, silenceIsHeard } from './utterance.ts';

/** Ends the open utterance as a turn (or drops it) when its pause is over and it has been read. */
export function settleEnd(draft: Draft): void {
  const { state, config, nowMs } = draft;
  const { utterance } = state;
  if (!utterance) return;
  const request = endedRequest(draft, utterance);
  if (request) return finishUtterance(draft, utterance, request);
  if (utterance.awaiting) {
    if (nowMs >= utterance.awaiting.untilMs) return failTurn(draft, lateRecogniser);
    return speculateOnPartial(draft, utterance);
  }
  if (utterance.releasedAtMs !== null) return settleReleased(draft, utterance);
  if (!utterance.pause && nowMs >= state.latestSampleAtMs + config.captureStallMs) {
    utterance.pause = { sinceMs: nowMs, endsAtMs: nowMs, speechWindows: 0 };
    askForReading(draft, utterance, state.latestSample);
    return;
  }
  const reading = currentReading(utterance);
  if (!utterance.pause || !reading) return speculateOnPartial(draft, utterance);
  if (utterance.overlap || state.pushToTalkHeld) return;
  const isStalled = nowMs >= state.latestSampleAtMs + config.captureStallMs;
  if (nowMs >= utterance.pause.endsAtMs && (silenceIsHeard(state, utterance) || isStalled)) {
    return finishUtterance(draft, utterance, reading);
  }
  maybeSpeculate(draft, utterance, reading);
}

/** A request that code can answer is over sooner than anything else, and before its sound has been judged. */
function endedRequest({ state, config, nowMs }: Draft, utterance: Utterance): Reading | null {
  const { knownRequestMs } = config.endpointing;
  const { pause, lastSpeechSample } = utterance;
  if (!pause || knownRequestMs === undefined || nowMs < pause.sinceMs + knownRequestMs) return null;
  if (msOf(state.latestSample - lastSpeechSample) < knownRequestMs - IN_FLIGHT_MS) return null;
  return knownRequest(state, utterance);
}

const lateRecogniser: SerialisedError = {
  code: 'call-timeout',
  stage: 'listen',
  message: 'the recogniser did not answer in time',
  retryable: true,
};

/** Push-to-talk was let go: one reading to the end of the tail decides, whatever the voice activity. */
function settleReleased(draft: Draft, utterance: Utterance): void {
  const { state, config, nowMs } = draft;
  if (nowMs < releaseIsOverAtMs(state, utterance, config)) return;
  const alreadyRead = utterance.pause ? currentReading(utterance) : null;
  const finalRead = utterance.finalSample !== null && utterance.reading?.toSample === utterance.finalSample;
  const reading = finalRead ? utterance.reading : alreadyRead;
  if (reading) return finishUtterance(draft, utterance, reading);
  utterance.finalSample = state.latestSample;
  askForReading(draft, utterance, state.latestSample);
}

/** The words are known 100 ms before the sound of the pause has been judged: when they are whole, the answer begins with them. */
function speculateOnPartial(draft: Draft, utterance: Utterance): void {
  const { state, config } = draft;
  const { partial } = utterance;
  if (!partial || utterance.overlap || state.pushToTalkHeld || utterance.releasedAtMs !== null) return;
  const silenceMs = msOf(state.latestSample - utterance.lastSpeechSample);
  if (partial.endSample < utterance.lastSpeechSample || silenceMs < config.speculateAfterMs) return;
  maybeSpeculate(draft, utterance, { text: partial.text, completeProbability: null });
}

/** Starts the answer on a likely end; it is not heard before the end is certain. */
function maybeSpeculate(
  draft: Draft,
  utterance: Utterance,
  reading: Pick<Reading, 'text' | 'completeProbability'>,
): void {
  const { state, config } = draft;
  // First: the answer's prompt goes on from what is computed for it.
  askForSentenceEnd(draft, utterance, reading);
  if (state.answer?.userText === reading.text && state.answer.turnId === utterance.turnId) return;
  if (utterance.speculations >= config.maxSpeculations) return;
  if (isFulfilledBySilence(utterance, reading.text)) return;
  if (!config.endpointing.speculate(evidenceOf(state, utterance, reading))) return;
  if (state.answer) cancelAnswer(draft, 'superseded');
  utterance.speculations++;
  startAnswer(draft, { turnId: utterance.turnId, userText: reading.text, speculative: true });
}

function askForSentenceEnd(
  { state, config, effects }: Draft,
  utterance: Utterance,
  reading: Pick<Reading, 'text' | 'completeProbability'>,
): void {
  const { text } = reading;
  if (utterance.sentenceEnd?.text === text || utterance.sentenceEndsAsked >= config.maxSentenceEnds) return;
  if (!config.endpointing.asksSentenceEnd?.(evidenceOf(state, utterance, reading))) return;
  utterance.sentenceEnd = { text, probability: null };
  utterance.sentenceEndsAsked++;
  effects.push({ type: 'ask-sentence-end', utteranceId: utterance.id, turnId: utterance.turnId, text });
}

function finishUtterance(draft: Draft, utterance: Utterance, reading: Reading): void {
  const { state } = draft;
  const { text } = reading;
  const reason = notForUs(state, utterance, reading);
  if (reason) return dropUtterance(draft, reason);
  state.utterance = null;
  const habitsBefore = state.habits;
  // Who lets go of a key says where a turn ends.
  if (utterance.releasedAtMs === null) state.habits = learnCleanEnd(state.habits);
  state.voiceLevelsDbfs = rememberLevel(state.voiceLevelsDbfs, levelDbfs(utterance.level));
  draft.effects.push({ type: 'end-utterance', utteranceId: utterance.id });
  const { turnId, startSample, lastSpeechSample: endSample } = utterance;
  const endpointMs = draft.nowMs - (utterance.pause?.sinceMs ?? utterance.releasedAtMs ?? draft.nowMs);
  const isFulfilled = isFulfilledBySilence(utterance, text);
  endTurn(draft, { turnId, text, startSample, endSample, endpointMs, habitsBefore, needsAnswer: !isFulfilled });
}

/** Why what was heard is no turn of the user's; null when it is one. */
function notForUs(state: TurnState, utterance: Utterance, { text, echoes }: Reading): DropReason | null {
  if (text === '') return 'nothing-said';
  if (!utterance.overAnswer || utterance.interrupted) return null;
  if (echoes) return 'echo';
  return isFarOff(utterance.level, state.voiceLevelsDbfs) ? 'background' : null;
}

/** The user has had their say, and is answered: by what was prepared for just these words, or anew. */
export function endTurn(
  draft: Draft,
  turn: {
    turnId: number;
    text: string;
    startSample: number;
    endSample: number;
    endpointMs: number;
    habitsBefore?: SpeakerHabits;
    needsAnswer?: boolean;
  },
): void {
  const { state } = draft;
  const { turnId, text, startSample, endSample, endpointMs, habitsBefore = state.habits, needsAnswer = true } = turn;
  state.question = null;
  state.endedTurn = { turnId, startSample, endSample, habitsBefore };
  draft.effects.push({ type: 'turn-ended', turnId, text, source: 'voice', lastSpeechSample: endSample, endpointMs });
  if (!needsAnswer) return cancelAnswer(draft, 'superseded');
  const { answer } = state;
  if (answer?.speculative && answer.turnId === turnId && answer.userText === text) {
    answer.speculative = false;
    draft.effects.push({ type: 'release-answer', answerNumber: answer.number });
    return;
  }
  if (answer) cancelAnswer(draft, 'superseded');
  startAnswer(draft, { turnId, userText: text, speculative: false });
}

/** "Stop." has stopped the answer: there is nothing left to say to it. */
function isFulfilledBySilence(utterance: Utterance, text: string): boolean {
  return utterance.interrupted && onlyAsksForSilence(bareWords(text));
}

/** The open utterance, if any, leads to no turn; an answer that it held goes on. */
export function dropUtterance(draft: Draft, reason: DropReason): void {
  const { state } = draft;
  const { utterance } = state;
  forgetOnset(draft);
  if (!utterance) return;
  state.utterance = null;
  draft.effects.push({ type: 'end-utterance', utteranceId: utterance.id });
  draft.effects.push({ type: 'drop-utterance', turnId: utterance.turnId, reason });
  if (utterance.overlap?.holding) draft.effects.push({ type: 'hold', held: false });
  if (state.answer?.speculative) cancelAnswer(draft, 'superseded');
}

/** The turn that is being heard cannot be understood; the conversation goes on. */
export function failTurn(draft: Draft, error: SerialisedError): void {
  const { state } = draft;
  const { utterance } = state;
  forgetOnset(draft);
  if (!utterance) return;
  state.utterance = null;
  draft.effects.push({ type: 'end-utterance', utteranceId: utterance.id });
  if (utterance.overlap?.holding) draft.effects.push({ type: 'hold', held: false });
  if (state.answer?.speculative) cancelAnswer(draft, 'superseded');
  draft.effects.push({ type: 'turn-failed', turnId: utterance.turnId, error });
}

/** A typed turn: takes the floor from whoever has it. */
export function startTypedTurn(draft: Draft, text: string): void {
  const { state } = draft;
  dropUtterance(draft, 'typed-instead');
  cancelAnswer(draft, 'superseded');
  const turnId = state.nextTurnId++;
  state.endedTurn = null;
  state.question = null;
  draft.effects.push({
    type: 'turn-ended',
    turnId,
    text,
    source: 'typed',
    lastSpeechSample: state.latestSample,
    endpointMs: 0,
  });
  startAnswer(draft, { turnId, userText: text, speculative: false });
}
