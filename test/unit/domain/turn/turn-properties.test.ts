import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultTurnConfig } from '../../../../main/domain/turn/config.ts';
import type { TurnEffect } from '../../../../main/domain/turn/effects.ts';
import type { TurnEvent } from '../../../../main/domain/turn/events.ts';
import { floorOf, nextDeadlineMs, reduceTurn } from '../../../../main/domain/turn/machine.ts';
import { initialTurnState, type TurnState } from '../../../../main/domain/turn/state.ts';

type Step =
  | { kind: 'hear'; windows: number; speech: boolean; loud: boolean }
  | { kind: 'wait'; ms: number }
  | { kind: 'read'; text: string; complete: number | null; echoes: boolean }
  | { kind: 'partial'; text: string }
  | { kind: 'lose-reading' }
  | { kind: 'sentence-end'; probability: number }
  | { kind: 'answer'; event: 'audible' | 'finished' | 'asked'; which: number }
  | { kind: 'sleep'; clockMs: number }
  | { kind: 'event'; event: TurnEvent };

const error = { code: 'engine-failed', stage: 'listen', message: 'x', retryable: true } as const;
const texts = ['', 'mm-hm', 'stop', 'what time is it?', 'I would like a', 'yes', 'no I meant Thursday'];

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('hear' as const), windows: fc.integer({ min: 1, max: 40 }), speech: fc.boolean(), loud: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 3000 }) }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('read' as const), text: fc.constantFrom(...texts), complete: fc.constantFrom(null, 0.02, 0.5, 0.99), echoes: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('partial' as const), text: fc.constantFrom(...texts.slice(1)) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'lose-reading' as const }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('sentence-end' as const), probability: fc.double({ min: 0, max: 1, noNaN: true }) }) }, // prettier-ignore
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('answer' as const), event: fc.constantFrom('audible' as const, 'finished' as const, 'asked' as const), which: fc.integer({ min: -2, max: 0 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('sleep' as const), clockMs: fc.constantFrom(0, 2500, 3_600_000) }) },
  { weight: 3, arbitrary: fc.constantFrom<TurnEvent>({ type: 'typed', text: 'hello' }, { type: 'stop' }, { type: 'notice', noticeId: 1 }, { type: 'set-input-mode', inputMode: 'push-to-talk' }, { type: 'set-input-mode', inputMode: 'hands-free' }, { type: 'set-muted', muted: true }, { type: 'set-muted', muted: false }, { type: 'push-to-talk', held: true }, { type: 'push-to-talk', held: false }, { type: 'push-to-talk', held: false, capturedSample: 5 * 16_000 }, { type: 'listener-lost', error }, { type: 'half-duplex', on: true }, { type: 'half-duplex', on: false }).map((event) => ({ kind: 'event' as const, event })) },
); // prettier-ignore

/** Plays steps into the machine, delivering ticks when they fall due, and checks what must hold after every event. */
class Driver {
  state: TurnState = initialTurnState();
  nowMs = 0;
  samples = 0;
  effects: TurnEffect[] = [];
  live = new Set<number>();
  held = false;
  openUtterances = new Set<number>();

  send(event: TurnEvent): void {
    const result = reduceTurn(this.state, event, this.nowMs, defaultTurnConfig);
    this.state = result.state;
    // It is over before its effects: what waited for its end (a notice, a new attempt) may begin in the same step.
    if (event.type === 'answer-finished') this.live.delete(event.answerNumber);
    for (const effect of result.effects) this.account(effect);
    this.effects.push(...result.effects);
    this.check();
  }

  account(effect: TurnEffect): void {
    if (effect.type === 'start-answer' || effect.type === 'start-notice' || effect.type === 'ask-again')
      this.live.add(effect.answerNumber);
    if (effect.type === 'cancel-answer') {
      expect(this.live.has(effect.answerNumber), 'an answer is cancelled at most once').toBe(true);
      this.live.delete(effect.answerNumber);
    }
    if (effect.type === 'release-answer') expect(this.live.has(effect.answerNumber)).toBe(true);
    if (effect.type === 'hold') {
      expect(effect.held, 'holds and releases alternate').toBe(!this.held);
      this.held = effect.held;
    }
    if (effect.type === 'begin-utterance') this.openUtterances.add(effect.utteranceId);
    if (effect.type === 'end-utterance') expect(this.openUtterances.delete(effect.utteranceId)).toBe(true);
    expect(this.live.size, 'never two answers at once').toBeLessThanOrEqual(1);
  }

  check(): void {
    expect([...this.live]).toEqual(this.state.answer ? [this.state.answer.number] : []);
    expect(this.openUtterances.size).toBe(this.state.utterance ? 1 : 0);
    expect(this.held, 'playback is held only while an overlap is being decided').toBe(
      (this.state.utterance?.overlap?.holding ?? false) || this.state.onset.heldUntilMs !== null,
    );
    const deadline = nextDeadlineMs(this.state, defaultTurnConfig);
    if (deadline !== null) expect(deadline, 'no deadline is left behind, which would spin').toBeGreaterThan(this.nowMs);
    floorOf(this.state);
  }

  advance(ms: number): void {
    const until = this.nowMs + ms;
    for (;;) {
      const deadline = nextDeadlineMs(this.state, defaultTurnConfig);
      if (deadline === null || deadline > until) break;
      this.nowMs = deadline;
      this.send({ type: 'tick' });
    }
    this.nowMs = until;
  }

  hear(windows: number, speech: boolean, loud = true): void {
    for (let i = 0; i < windows; i++) {
      this.advance(32);
      this.samples += 512;
      const probability = speech ? 0.9 : 0.05;
      this.send({
        type: 'vad',
        endSample: this.samples,
        probability,
        levelDbfs: loud ? -25 : -40,
        capturedAtMs: this.nowMs,
      });
    }
  }

  playAnswer(event: 'audible' | 'finished' | 'asked', answerNumber: number): void {
    if (event === 'audible') this.send({ type: 'answer-audible', answerNumber });
    else this.send({ type: 'answer-finished', answerNumber, asked: event === 'asked' });
  }

  run(step: Step): void {
    const { utterance } = this.state;
    switch (step.kind) {
      case 'hear':
        return this.hear(step.windows, step.speech, step.loud);
      case 'wait':
        return this.advance(step.ms);
      case 'read':
        if (utterance?.awaiting) this.send({ type: 'reading', utteranceId: utterance.id, toSample: utterance.awaiting.toSample, text: step.text, completeProbability: step.complete, echoes: step.echoes }); // prettier-ignore
        return;
      case 'partial':
        if (utterance)
          this.send({
            type: 'partial',
            utteranceId: utterance.id,
            text: step.text,
            endSample: this.samples,
            echoes: false,
          });
        return;
      case 'sentence-end':
        if (utterance?.sentenceEnd) this.send({ type: 'sentence-end', utteranceId: utterance.id, text: utterance.sentenceEnd.text, probability: step.probability }); // prettier-ignore
        return;
      case 'lose-reading':
        if (utterance?.awaiting) this.send({ type: 'reading-failed', utteranceId: utterance.id, toSample: utterance.awaiting.toSample, error }); // prettier-ignore
        return;
      case 'answer':
        return this.playAnswer(step.event, this.state.nextAnswerNumber - 1 + step.which);
      case 'sleep':
        // Time passes without anybody being woken for it.
        this.nowMs += step.clockMs;
        return this.send({ type: 'gap', clockMs: step.clockMs });
      case 'event':
        return this.send(step.event);
    }
  }
}

describe('turn machine, driven by random events in any order', () => {
  it('never holds two answers, never spins, never leaves playback held, and always comes to rest', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const driver = new Driver();
        for (const each of steps) driver.run(each);
        // Silence, with a recogniser that answers: everything must come to an end by itself.
        driver.send({ type: 'push-to-talk', held: false });
        for (let i = 0; i < 200; i++) {
          driver.hear(2, false);
          driver.run({ kind: 'read', text: 'yes', complete: 0.99, echoes: false });
        }
        const { answer } = driver.state;
        if (answer?.audibleSinceMs != null)
          driver.send({ type: 'answer-finished', answerNumber: answer.number, asked: false });
        driver.advance(3_600_000);
        expect(driver.state.utterance).toBeNull();
        expect(driver.state.answer, 'an answer that never sounds is abandoned').toBeNull();
        expect(driver.held).toBe(false);
      }),
      { numRuns: 200 },
    );
  });
});
