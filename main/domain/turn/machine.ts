import type { Floor } from '../../contract/state.ts';
import type { TurnConfig } from './config.ts';
import type { TurnEffect } from './effects.ts';
import type { TurnEvent } from './events.ts';
import type { TurnState, Utterance } from './state.ts';
import { NOISE_IS_OVER_MS } from '../barge-in/decide-overlap.ts';
import { cancelAnswer, startUnasked } from './answering.ts';
import type { Draft } from './draft.ts';
import { dropUtterance, failTurn, settleEnd, startTypedTurn } from './ending.ts';
import { bridgeGap } from './gap.ts';
import { hearAnswerKnown, hearPartial, hearReading, hearSentenceEnd, hearWindow, loseReading } from './hearing.ts';
import { holdTalkKey, releaseTalkKey } from './push-to-talk.ts';
import { knownRequest } from './known-request.ts';
import { forgetOnset, settleOnset } from './onset-hold.ts';
import { settleOverlap } from './overlap.ts';
import { askAgainAtMs, finishAnswer, leaveQuestion, settleQuestion } from './question.ts';
import { currentReading, IN_FLIGHT_MS, msOf, releaseIsOverAtMs, silenceIsHeard } from './utterance.ts';

/**
 * The turn machine: who has the floor, when a turn ends, what a sound during an answer means. Pure: the same state, event and time
 * give the same result; timers are deadlines in the state, see `nextDeadlineMs`.
 */
export function reduceTurn(
  state: TurnState,
  event: TurnEvent,
  nowMs: number,
  config: TurnConfig,
): { state: TurnState; effects: TurnEffect[] } {
  const draft: Draft = { state: structuredClone(state), effects: [], nowMs, config };
  apply(draft, event);
  settleOnset(draft);
  settleOverlap(draft);
  settleEnd(draft);
  settleAnswer(draft);
  settleNotices(draft);
  settleQuestion(draft);
  return { state: draft.state, effects: draft.effects };
}

function apply(draft: Draft, event: TurnEvent): void {
  const { state } = draft;
  switch (event.type) {
    case 'vad':
      return hearWindow(draft, event);
    case 'partial':
      return hearPartial(draft, event.utteranceId, event);
    case 'reading':
      return hearReading(draft, event.utteranceId, event);
    case 'sentence-end':
      return hearSentenceEnd(draft, event.utteranceId, event);
    case 'reading-failed':
      return loseReading(draft, event.utteranceId, event.toSample, event.error);
    case 'answer-known':
      return hearAnswerKnown(draft, event);
    case 'answer-audible':
      if (state.answer?.number === event.answerNumber) state.answer.audibleSinceMs ??= draft.nowMs;
      return;
    case 'answer-finished':
      return finishAnswer(draft, event);
    case 'typed':
      return startTypedTurn(draft, event.text);
    case 'notice':
      state.notices.push(event.noticeId);
      return;
    case 'stop':
      leaveQuestion(state);
      return cancelAnswer(draft, 'stopped');
    case 'set-input-mode':
      leaveQuestion(state);
      forgetOnset(draft);
      dropUtterance(draft, 'mode-changed');
      state.inputMode = event.inputMode;
      state.pushToTalkHeld = false;
      return;
    case 'set-muted':
      leaveQuestion(state);
      forgetOnset(draft);
      if (event.muted) dropUtterance(draft, 'muted');
      state.muted = event.muted;
      return;
    case 'push-to-talk':
      return event.held ? holdTalkKey(draft) : releaseTalkKey(draft, event.capturedSample ?? 0);
    case 'listener-lost':
      forgetOnset(draft);
      return failTurn(draft, event.error);
    case 'half-duplex':
      state.halfDuplex = event.on;
      return;
    case 'gap':
      return bridgeGap(draft, event.clockMs);
    case 'tick':
      return;
    default:
      event satisfies never;
  }
}

function settleAnswer(draft: Draft): void {
  const { answer } = draft.state;
  if (answer && answer.audibleSinceMs === null && draft.nowMs >= answer.abandonAtMs) cancelAnswer(draft, 'timeout');
}

function settleNotices(draft: Draft): void {
  const { state } = draft;
  if (state.utterance || state.answer || state.pushToTalkHeld) return;
  const noticeId = state.notices.shift();
  if (noticeId === undefined) return;
  state.question = null;
  draft.effects.push({ type: 'start-notice', noticeId, ...startUnasked(draft) });
}

/** When the machine wants a `tick` at the latest, or null when only an event can change anything. */
export function nextDeadlineMs(state: TurnState, config: TurnConfig): number | null {
  const deadlines: number[] = [];
  const { utterance, answer, onset } = state;
  if (answer && answer.audibleSinceMs === null) deadlines.push(answer.abandonAtMs);
  if (onset.heldUntilMs !== null) deadlines.push(onset.heldUntilMs);
  const askAgain = askAgainAtMs(state);
  if (askAgain !== null) deadlines.push(askAgain);
  if (utterance) deadlines.push(...utteranceDeadlinesMs(utterance, state, config));
  return deadlines.length === 0 ? null : Math.min(...deadlines);
}

function utteranceDeadlinesMs(utterance: Utterance, state: TurnState, config: TurnConfig): number[] {
  const { awaiting, pause, overlap, releasedAtMs } = utterance;
  const deadlines: number[] = [];
  const { knownRequestMs } = config.endpointing;
  if (pause && knownRequestMs !== undefined && knownRequest(state, utterance)) {
    const heardMs = msOf(state.latestSample - utterance.lastSpeechSample);
    // Without the audio to be sure, the next window decides.
    if (heardMs >= knownRequestMs - IN_FLIGHT_MS) deadlines.push(pause.sinceMs + knownRequestMs);
  }
  if (overlap?.holding) {
    deadlines.push(overlap.decideAtMs);
    if (pause && currentReading(utterance)) deadlines.push(pause.sinceMs + NOISE_IS_OVER_MS);
  }
  if (awaiting) return [...deadlines, awaiting.untilMs];
  if (overlap && overlap.lookAtMs !== null) deadlines.push(overlap.lookAtMs);
  if (releasedAtMs !== null) deadlines.push(releaseIsOverAtMs(state, utterance, config));
  else if (!pause) deadlines.push(state.latestSampleAtMs + config.captureStallMs);
  else if (!state.pushToTalkHeld && !overlap) {
    // Without the audio to be sure, the next window decides, or that there is none any more.
    const heardSilence = silenceIsHeard(state, utterance);
    deadlines.push(
      heardSilence ? pause.endsAtMs : Math.max(pause.endsAtMs, state.latestSampleAtMs + config.captureStallMs),
    );
  }
  return deadlines;
}

/** The floor as the user sees it. */
export function floorOf(state: TurnState): Floor {
  const { utterance, answer } = state;
  if (utterance && utterance.overlap?.holding !== false) return 'hearing';
  if (answer && !answer.speculative) return answer.audibleSinceMs === null ? 'thinking' : 'speaking';
  return state.muted ? 'off' : 'listening';
}
