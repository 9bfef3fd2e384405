import type { Asr } from '../../../main/ports/asr.ts';
import type { TurnDetector } from '../../../main/ports/turn-detector.ts';
import type { Vad } from '../../../main/ports/vad.ts';
import { DEFAULT_TURN_SETTINGS } from '../../../main/contract/turn-settings.ts';
import { CAPTURE_RATE_HZ } from '../../../main/contract/audio-format.ts';
import type { PauseEvidence } from '../../../main/domain/endpointing/policy.ts';
import { turnConfigOf } from '../../../main/domain/turn/config.ts';
import type { TurnEffect } from '../../../main/domain/turn/effects.ts';
import type { TurnEvent } from '../../../main/domain/turn/events.ts';
import { nextDeadlineMs, reduceTurn } from '../../../main/domain/turn/machine.ts';
import { initialTurnState, type TurnState } from '../../../main/domain/turn/state.ts';
import { ListeningService } from '../../../main/pipeline/listening/listening-service.ts';
import { FakeClock, settle } from '../../fakes/fake-clock.ts';
import type { LabelledSpeech } from './tuning-clips.ts';

/** One silence of a clip, with what the policy was given to judge it by. */
export interface CollectedPause {
  clip: string;
  source: string;
  /** Of the last speech window before it. */
  atSeconds: number;
  evidence: PauseEvidence;
  isEnd: boolean;
  /** Until speech came back; null at the end of a turn. */
  pauseMs: number | null;
}

/** No pause in the clips is as long: what the policy would end stays open, so that every pause is seen. */
const WAIT_MS = 5000;
const WINDOW_SAMPLES = 512;
const WINDOW_MS = 32;
/** An end of speech by the voice detector belongs to a labelled end this near. */
const LABEL_TOLERANCE_SECONDS = 0.35;

/** Plays a clip into the ears and the turn machine, in virtual time with engines that take none, and keeps every pause. */
export async function collectPauses(
  speech: LabelledSpeech,
  engines: { vad: Vad; asr: Asr; turnDetector: TurnDetector },
): Promise<CollectedPause[]> {
  const pauses: { sinceSample: number; resumedSample: number | null; evidence: PauseEvidence }[] = [];
  let evidence: PauseEvidence | null = null;
  const config = {
    ...turnConfigOf(DEFAULT_TURN_SETTINGS),
    endpointing: {
      name: 'watching',
      delayMs: (each: PauseEvidence) => ((evidence = each), WAIT_MS),
      speculate: () => false,
    },
  };
  const clock = new FakeClock();
  engines.vad.reset();
  const service = new ListeningService({ ...engines, clock });
  let state: TurnState = initialTurnState();
  const busy = new Set<Promise<unknown>>();
  const send = (event: TurnEvent): void => {
    const before = state.utterance?.pause ? state.utterance.lastSpeechSample : null;
    const result = reduceTurn(state, event, clock.nowMs(), config);
    state = result.state;
    if (before !== null && !state.utterance?.pause) {
      pauses.push({
        sinceSample: before,
        resumedSample: state.utterance?.lastSpeechSample ?? null,
        evidence: evidence!,
      });
    }
    for (const effect of result.effects) carryOut(effect);
  };
  const carryOut = (effect: TurnEffect): void => {
    if (effect.type === 'begin-utterance') service.beginUtterance(effect.utteranceId, effect.fromSample);
    if (effect.type === 'end-utterance') service.endUtterance(effect.utteranceId);
    if (effect.type === 'start-answer')
      queueMicrotask(() => send({ type: 'answer-finished', answerNumber: effect.answerNumber, asked: false }));
    if (effect.type !== 'read-utterance') return;
    const { utteranceId, toSample } = effect;
    const reading = service
      .readUtterance(utteranceId, toSample)
      .then(({ text, completeProbability }) =>
        send({ type: 'reading', utteranceId, toSample, text, completeProbability, echoes: false }),
      )
      .catch(() => {})
      .finally(() => busy.delete(reading));
    busy.add(reading);
  };
  let heard = 0;
  service.onEvent((event) => {
    if (event.type !== 'vad') return;
    heard = event.endSample;
    send({ ...event, capturedAtMs: clock.nowMs() });
  });
  const silence = (WAIT_MS / WINDOW_MS + 20) * WINDOW_SAMPLES;
  const total = Math.floor((speech.samples.length + silence) / WINDOW_SAMPLES);
  for (let i = 0; i < total; i++) {
    const startSample = i * WINDOW_SAMPLES;
    const samples = new Float32Array(WINDOW_SAMPLES);
    samples.set(speech.samples.subarray(startSample, startSample + WINDOW_SAMPLES));
    clock.advance(WINDOW_MS);
    service.push([{ startSample, samples }]);
    while (heard < startSample + WINDOW_SAMPLES) await settle(1);
    while (busy.size > 0) await Promise.all(busy);
    const deadline = nextDeadlineMs(state, config);
    if (deadline !== null && deadline <= clock.nowMs()) send({ type: 'tick' });
  }
  service.close();
  return pauses.map(({ sinceSample, resumedSample, evidence: { text, completeProbability, speechMs } }) => {
    const atSeconds = sinceSample / CAPTURE_RATE_HZ;
    const isEnd =
      resumedSample === null ||
      speech.turnEnds.some((end) => Math.abs(end - sinceSample) <= LABEL_TOLERANCE_SECONDS * CAPTURE_RATE_HZ);
    return {
      clip: speech.id,
      source: speech.source,
      atSeconds,
      evidence: { text, completeProbability, speechMs, answersQuestion: speech.answersQuestion },
      isEnd,
      pauseMs: resumedSample === null ? null : (resumedSample - 2 * WINDOW_SAMPLES - sinceSample) / 16,
    };
  });
}
