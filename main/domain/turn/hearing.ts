import type { SerialisedError } from '../../contract/errors.ts';
import { withWindow } from '../barge-in/sound-level.ts';
import { learnPause } from '../endpointing/speaker-habits.ts';
import { cancelAnswer } from './answering.ts';
import type { Draft } from './draft.ts';
import { failTurn } from './ending.ts';
import { evidenceOf } from './evidence.ts';
import type { TurnEvent } from './events.ts';
import { forgetOnset, holdAtFirstWindow, NO_ONSET } from './onset-hold.ts';
import { beginOverlap } from './overlap.ts';
import type { Reading, TurnState, Utterance } from './state.ts';
import {
  askForReading,
  currentReading,
  msOf,
  openUtterance,
  samplesOf,
  WINDOW_MS,
  WINDOW_SAMPLES,
} from './utterance.ts';

type VadWindow = Extract<TurnEvent, { type: 'vad' }>;

/** One window of voice activity. */
export function hearWindow(draft: Draft, window: VadWindow): void {
  const { state } = draft;
  state.latestSample = window.endSample;
  state.latestSampleAtMs = draft.nowMs;
  if (state.muted) return;
  const heard = isDeaf(state) ? { ...window, probability: 0 } : window;
  if (state.utterance) hearInUtterance(draft, state.utterance, heard);
  else if (state.inputMode !== 'push-to-talk') hearOutside(draft, heard);
}

/** In half duplex the microphone is off while the answer sounds: what still comes is from before, or a click of switching. */
function isDeaf({ halfDuplex, answer, utterance }: TurnState): boolean {
  return halfDuplex && answer?.audibleSinceMs != null && !utterance?.overlap?.holding;
}

function hearOutside(draft: Draft, window: VadWindow): void {
  const { state, config } = draft;
  const { endSample, probability } = window;
  const least = state.answer ? config.speechStartProbability : config.quietStartProbability;
  if (probability < least) return forgetOnset(draft);
  if (state.onset.windows === 0) state.onset.fromSample = endSample - WINDOW_SAMPLES;
  state.onset.windows++;
  state.onset.level = withWindow(state.onset.level, window);
  if (state.onset.windows < config.startWindows) return holdAtFirstWindow(draft, probability);
  const startSample = Math.max(0, state.onset.fromSample - samplesOf(config.preRollMs));
  const utterance = openUtterance(draft, { startSample, lastSpeechSample: endSample });
  utterance.speechMs = state.onset.windows * WINDOW_MS;
  utterance.level = state.onset.level;
  const isHeld = state.onset.heldUntilMs !== null;
  state.onset = { ...NO_ONSET };
  if (state.answer) beginOverlap(draft, utterance, { isHeld });
}

function hearInUtterance(draft: Draft, utterance: Utterance, window: VadWindow): void {
  const { endSample, probability } = window;
  const { config } = draft;
  const { pause } = utterance;
  const isSpeech = probability >= (pause ? config.speechStartProbability : config.speechKeepProbability);
  if (!isSpeech) {
    if (pause) pause.speechWindows = 0;
    else if (msOf(endSample - utterance.lastSpeechSample) >= config.readAfterMs) beginPause(draft, utterance, window);
    return;
  }
  if (pause) {
    pause.speechWindows++;
    if (pause.speechWindows < config.startWindows) {
      // A single window may be a breath. It does not end the pause, but the end of the turn waits for the next one.
      pause.endsAtMs = Math.max(pause.endsAtMs, draft.nowMs + 1.5 * WINDOW_MS);
      return;
    }
    utterance.speechMs += WINDOW_MS * (pause.speechWindows - 1);
    utterance.pause = null;
    if (!draft.state.pushToTalkHeld) learnFromPause(draft, utterance, endSample - pause.speechWindows * WINDOW_SAMPLES);
  }
  // The user goes on: what was prepared for the end of the turn goes without a trace.
  if (draft.state.answer?.speculative) cancelAnswer(draft, 'superseded');
  utterance.lastSpeechSample = endSample;
  utterance.speechMs += WINDOW_MS;
  utterance.level = withWindow(utterance.level, window);
}

function learnFromPause({ state }: Draft, utterance: Utterance, resumedAtSample: number): void {
  state.habits = learnPause(state.habits, msOf(resumedAtSample - utterance.lastSpeechSample));
}

function beginPause(draft: Draft, utterance: Utterance, { endSample, capturedAtMs }: VadWindow): void {
  const sinceMs = capturedAtMs - msOf(endSample - utterance.lastSpeechSample);
  utterance.pause = { sinceMs, endsAtMs: 0, speechWindows: 0 };
  utterance.pause.endsAtMs = endOfPauseMs(draft, utterance);
  askForReading(draft, utterance, endSample);
}

function endOfPauseMs(draft: Draft, utterance: Utterance): number {
  const reading = currentReading(utterance);
  const delayMs = draft.config.endpointing.delayMs(evidenceOf(draft.state, utterance, reading));
  return utterance.pause!.sinceMs + delayMs;
}

export function hearPartial(draft: Draft, utteranceId: number, partial: NonNullable<Utterance['partial']>): void {
  const { utterance } = draft.state;
  if (utterance?.id === utteranceId) {
    utterance.partial = { text: partial.text, endSample: partial.endSample, echoes: partial.echoes };
  }
}

export function hearReading(draft: Draft, utteranceId: number, reading: Reading): void {
  const { utterance } = draft.state;
  if (utterance?.id !== utteranceId || utterance.awaiting?.toSample !== reading.toSample) return;
  utterance.awaiting = null;
  utterance.reading = {
    toSample: reading.toSample,
    text: reading.text,
    completeProbability: reading.completeProbability,
    echoes: reading.echoes,
  };
  utterance.partial = { text: reading.text, endSample: reading.toSample, echoes: reading.echoes };
  if (currentReading(utterance)) judgePause(draft, utterance);
  else if (utterance.pause && utterance.releasedAtMs === null) {
    // The reading was asked for before the last words (an overlap was looked at): it says nothing about this pause.
    askForReading(draft, utterance, draft.state.latestSample);
  }
}

/** The language model has said whether these words are a whole sentence: the pause is judged anew if it is theirs. */
export function hearSentenceEnd(
  draft: Draft,
  utteranceId: number,
  { text, probability }: NonNullable<Utterance['sentenceEnd']>,
): void {
  const { utterance } = draft.state;
  if (utterance?.id !== utteranceId || utterance.sentenceEnd?.text !== text) return;
  utterance.sentenceEnd = { text, probability };
  judgePause(draft, utterance);
}

/** Code has an answer to these words: the pause is judged anew if they are its words. */
export function hearAnswerKnown(
  draft: Draft,
  { answerNumber, by }: { answerNumber: number; by: 'skill' | 'cache' },
): void {
  const { answer, utterance } = draft.state;
  if (answer?.number !== answerNumber) return;
  answer.knownBy = by;
  if (utterance) judgePause(draft, utterance);
}

/** There is more to judge the pause by, if it is one that was read. */
function judgePause(draft: Draft, utterance: Utterance): void {
  const { pause } = utterance;
  if (!pause || !currentReading(utterance)) return;
  const breathMs = pause.speechWindows > 0 ? draft.nowMs + 1.5 * WINDOW_MS : 0;
  pause.endsAtMs = Math.max(endOfPauseMs(draft, utterance), breathMs);
}

export function loseReading(draft: Draft, utteranceId: number, toSample: number, error: SerialisedError): void {
  const { utterance } = draft.state;
  if (utterance?.id !== utteranceId || utterance.awaiting?.toSample !== toSample) return;
  failTurn(draft, error);
}
