import { CAPTURE_RATE_HZ } from '../../contract/audio-format.ts';
import type { Draft } from './draft.ts';
import { NOTHING_HEARD } from '../barge-in/sound-level.ts';
import type { TurnConfig } from './config.ts';
import type { Reading, TurnState, Utterance } from './state.ts';

/** Silero's window, the step in which speech is counted. */
export const WINDOW_SAMPLES = 512;
export const WINDOW_MS = (WINDOW_SAMPLES / CAPTURE_RATE_HZ) * 1000;

export function samplesOf(ms: number): number {
  return Math.round((ms * CAPTURE_RATE_HZ) / 1000);
}

export function msOf(samples: number): number {
  return (samples / CAPTURE_RATE_HZ) * 1000;
}

/** Opens an utterance; the turn is a new one unless `turnId` says which it continues. */
export function openUtterance(
  draft: Draft,
  options: { startSample: number; lastSpeechSample: number; turnId?: number },
): Utterance {
  const { state } = draft;
  const utterance: Utterance = {
    id: state.nextUtteranceId++,
    turnId: options.turnId ?? state.nextTurnId++,
    startSample: options.startSample,
    lastSpeechSample: options.lastSpeechSample,
    speechMs: 0,
    level: NOTHING_HEARD,
    pause: null,
    reading: null,
    awaiting: null,
    partial: null,
    sentenceEnd: null,
    sentenceEndsAsked: 0,
    overlap: null,
    overAnswer: false,
    interrupted: false,
    speculations: 0,
    releasedAtMs: null,
    releasedAtSample: 0,
    finalSample: null,
  };
  state.utterance = utterance;
  state.nod = null;
  draft.effects.push({
    type: 'begin-utterance',
    utteranceId: utterance.id,
    turnId: utterance.turnId,
    fromSample: utterance.startSample,
  });
  return utterance;
}

export function askForReading(draft: Draft, utterance: Utterance, toSample: number): void {
  utterance.awaiting = { toSample, untilMs: draft.nowMs + draft.config.recogniserLagMs };
  draft.effects.push({ type: 'read-utterance', utteranceId: utterance.id, toSample });
}

/** A reading that covers everything said so far, or null. */
export function currentReading(utterance: Utterance): Reading | null {
  const { reading } = utterance;
  return reading && reading.toSample >= utterance.lastSpeechSample ? reading : null;
}

/** Audio on its way that a decision does not wait for: two windows. Speech that came back was heard by then. */
export const IN_FLIGHT_MS = 64;

/** True when the silence of the pause was heard, not only its time has passed: the listening may be behind. */
export function silenceIsHeard(state: TurnState, utterance: Utterance): boolean {
  const { pause, lastSpeechSample } = utterance;
  if (!pause) return false;
  return msOf(state.latestSample - lastSpeechSample) >= pause.endsAtMs - pause.sinceMs - IN_FLIGHT_MS;
}

/**
 * When an utterance whose key was let go may be read to its end: after the tail, and not before all that was said with the key down was
 * heard. Somebody who sends a whole turn at once, or a busy machine, is ahead of the listening by seconds; a listening that hears nothing
 * more is not waited for.
 */
export function releaseIsOverAtMs(
  { latestSample, latestSampleAtMs }: TurnState,
  { releasedAtMs, releasedAtSample }: Utterance,
  { releaseTailMs, captureStallMs }: TurnConfig,
): number {
  const tailIsOverAtMs = releasedAtMs! + releaseTailMs;
  // The last samples may be short of a window.
  if (msOf(releasedAtSample - latestSample) < WINDOW_MS) return tailIsOverAtMs;
  return Math.max(tailIsOverAtMs, Math.max(latestSampleAtMs, releasedAtMs!) + captureStallMs);
}
