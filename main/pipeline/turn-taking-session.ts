import { captureAccount, type CaptureChainState } from '../contract/capture-chain.ts';
import { ParleyError, type SerialisedError } from '../contract/errors.ts';
import type { Floor, InputMode } from '../contract/state.ts';
import { History } from '../domain/conversation/history.ts';
import { Timeline } from '../domain/conversation/timeline.ts';
import { isSelfEcho } from '../domain/barge-in/self-echo.ts';
import { CaptureClock } from '../domain/turn/capture-clock.ts';
import type { TurnConfig } from '../domain/turn/config.ts';
import type { CancelReason, TurnEffect } from '../domain/turn/effects.ts';
import type { TurnEvent } from '../domain/turn/events.ts';
import { floorOf, nextDeadlineMs, reduceTurn } from '../domain/turn/machine.ts';
import { initialTurnState, type TurnState } from '../domain/turn/state.ts';
import type { CaptureFrame, PlaybackProgress } from '../ports/audio-devices.ts';
import type { Clock } from '../ports/clock.ts';
import type { Listener, ListenerEvent } from '../ports/listener.ts';
import type { Logger } from '../ports/logger.ts';
import type { PastExchange, ReplyRequest, Responder } from '../ports/responder.ts';
import type { WallClock } from '../ports/wall-clock.ts';
import type { Tts } from '../ports/tts.ts';
import type { Notice, SessionOptions, VoiceSession } from '../ports/voice-architecture.ts';
import { askAgain } from './ask-again.ts';
import { GAP_MS, GapWatch } from './gap-watch.ts';
import { ReplyRun, type ReplyOutcome } from './reply-run.ts';

export interface TurnTakingParts {
  listener: Listener;
  responder: Responder;
  tts: Tts;
  clock: Clock;
  logger: Logger;
  /** Asked between utterances: a choice holds from the next one on. */
  config(): TurnConfig;
  /** How soon an answer that is known at once may follow the user's last sound. Default: 0. */
  naturalPauseMs?(): number;
  /** What is done to the microphone's sound now; null where that is not known. Default: not known. */
  captureChain?(): CaptureChainState | null;
  /** Shows that the machine has slept where the monotonic clock does not. Default: nothing does. */
  wallClock?: WallClock;
  /** Text of the conversation that the responder is given at most, in characters. */
  maxHistoryChars: number;
}

/** Notices that may wait for the floor. */
const MAX_NOTICES = 16;
/** Half of the bus's own: a voice that stops within a consonant still makes no click. */
const HOLD_FADE_MS = 10;
const NEVER_BEGUN = { outcome: 'interrupted', heardChars: 0 } as const;

/** Carries out what the turn machine decides: listens, answers, speaks, and keeps what was heard. */
export class TurnTakingSession implements VoiceSession {
  #parts: TurnTakingParts;
  #options: SessionOptions;
  #state: TurnState;
  #config: TurnConfig;
  #history: History;
  readonly #captureClock = new CaptureClock();
  #floor: Floor = 'listening';
  /** Runs that have not ended yet, the newest last; cancelled ones leave when the loudspeaker has answered. */
  #runs = new Map<number, ReplyRun>();
  /** Speculative runs that the user must not see yet. */
  #hidden = new Set<number>();
  #timelines = new Map<number, Timeline>();
  #turnTexts = new Map<number, string>();
  /** Takes back what the answer to a turn has done. */
  #undoes = new Map<number, () => void>();
  #notices = new Map<number, Notice>();
  #nextNoticeId = 1;
  #utteranceTurn: { utteranceId: number; turnId: number } | null = null;
  #cancelWake = (): void => {};
  /** When the machine is to be woken. */
  #wakeAtMs: number | null = null;
  #reducedAtMs = 0;
  readonly #gaps: GapWatch;
  #unsubscribe: () => void;
  #closed = false;
  #timesAskedAgain = 0;
  /** The last words of the last answer. */
  #lastSpoken = '';

  constructor(parts: TurnTakingParts, options: SessionOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#state = initialTurnState(options.inputMode);
    this.#config = parts.config();
    this.#gaps = new GapWatch({ clock: parts.clock, wallClock: parts.wallClock });
    this.#history = new History(options.history.map((exchange, index) => ({ turnId: -1 - index, ...exchange })));
    this.#unsubscribe = parts.listener.onEvent((event) => this.#onListener(event));
    this.#prepareNextTurn();
  }

  get history(): readonly PastExchange[] {
    return this.#history.exchanges.map(({ user, heard }) => ({ user, heard }));
  }

  push(frames: CaptureFrame[]): void {
    if (this.#closed) return;
    if (this.#gaps.precedes(frames)) this.#dispatch({ type: 'gap', clockMs: 0 });
    const last = frames.at(-1);
    if (last) this.#captureClock.note(last.startSample + last.samples.length, this.#parts.clock.nowMs());
    this.#parts.listener.push(frames);
  }

  playback(progress: PlaybackProgress): void {
    this.#runs.get(progress.answerNumber)?.onPlayback(progress);
  }

  say(text: string): void {
    this.#dispatch({ type: 'typed', text });
  }

  announce(notice: Notice): void {
    if (this.#closed) return notice.onEnded?.(NEVER_BEGUN);
    if (this.#notices.size >= MAX_NOTICES) this.#dropNotice(this.#notices.keys().next().value!);
    const noticeId = this.#nextNoticeId++;
    this.#notices.set(noticeId, notice);
    this.#dispatch({ type: 'notice', noticeId });
  }

  stop(): void {
    this.#dispatch({ type: 'stop' });
  }

  setInputMode(inputMode: InputMode): void {
    this.#dispatch({ type: 'set-input-mode', inputMode });
  }

  setMuted(muted: boolean): void {
    this.#dispatch({ type: 'set-muted', muted });
  }

  pushToTalk(held: boolean): void {
    this.#dispatch({ type: 'push-to-talk', held });
  }

  /** The listening process died: an open utterance is lost and said to be, the rest goes on. */
  listenerLost(error: SerialisedError): void {
    this.#dispatch({ type: 'listener-lost', error });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#cancelWake();
    this.#unsubscribe();
    for (const noticeId of this.#notices.keys()) this.#dropNotice(noticeId);
    const runs = [...this.#runs.values()];
    for (const run of runs) run.interrupt('shutdown');
    await Promise.all(runs.map(({ ended }) => ended));
  }

  #onListener(event: ListenerEvent): void {
    if (event.type === 'vad') {
      const { endSample } = event;
      this.#heedHalfDuplex();
      const capturedAtMs = this.#captureClock.capturedAtMs(endSample, this.#parts.clock.nowMs());
      this.#dispatch({ ...event, capturedAtMs });
      return;
    }
    if (this.#utteranceTurn?.utteranceId !== event.utteranceId || event.text === '') return;
    const { turnId } = this.#utteranceTurn;
    const { utteranceId, text, endSample } = event;
    this.#dispatch({ type: 'partial', utteranceId, text, endSample, echoes: this.#echoes(text) });
    if (this.#utteranceTurn?.utteranceId !== event.utteranceId) return;
    this.#timelineOf(turnId).mark('first-partial', this.#parts.clock.nowMs());
    this.#showUserText(turnId, event.text, event.stableChars);
    if (!this.#state.answer) {
      this.#timelineOf(turnId).mark('anticipated', this.#parts.clock.nowMs());
      this.#parts.responder.anticipate({ history: this.history, userText: event.text });
    }
  }

  #showUserText(turnId: number, text: string, stableChars: number): void {
    this.#options.onEvent({ type: 'user-text', turnId, text, stableChars, final: false, source: 'voice' });
  }

  #heedHalfDuplex(): void {
    const on = this.#parts.captureChain?.()?.halfDuplex ?? false;
    if (on !== this.#state.halfDuplex) this.#dispatch({ type: 'half-duplex', on });
  }

  #dispatch(event: TurnEvent): void {
    if (this.#closed) return;
    const nowMs = this.#parts.clock.nowMs();
    // The alarm was not heard: the machine slept, and what was due meanwhile is not due yet.
    const hasSlept = this.#wakeAtMs !== null && nowMs - this.#wakeAtMs > GAP_MS;
    if (hasSlept) this.#reduce({ type: 'gap', clockMs: nowMs - this.#reducedAtMs }, nowMs);
    this.#reduce(event, nowMs);
  }

  #reduce(event: TurnEvent, nowMs: number): void {
    if (!this.#state.utterance) this.#config = this.#parts.config();
    const { state, effects } = reduceTurn(this.#state, event, nowMs, this.#config);
    this.#state = state;
    this.#reducedAtMs = nowMs;
    for (const effect of effects) this.#carryOut(effect, nowMs);
    this.#scheduleWake();
    const floor = floorOf(this.#state);
    if (floor === this.#floor) return;
    this.#floor = floor;
    this.#options.onEvent({ type: 'floor', floor });
  }

  #scheduleWake(): void {
    this.#cancelWake();
    const deadlineMs = nextDeadlineMs(this.#state, this.#config);
    this.#wakeAtMs = deadlineMs;
    if (deadlineMs === null) {
      this.#cancelWake = () => {};
      return;
    }
    const delayMs = Math.max(0, deadlineMs - this.#parts.clock.nowMs());
    this.#cancelWake = this.#parts.clock.schedule(delayMs, () => this.#dispatch({ type: 'tick' }));
  }

  #carryOut(effect: TurnEffect, nowMs: number): void {
    const { listener } = this.#parts;
    switch (effect.type) {
      case 'begin-utterance':
        this.#utteranceTurn = { utteranceId: effect.utteranceId, turnId: effect.turnId };
        return listener.beginUtterance(effect.utteranceId, effect.fromSample);
      case 'read-utterance':
        return void this.#read(effect.utteranceId, effect.toSample);
      case 'end-utterance':
        this.#utteranceTurn = null;
        return listener.endUtterance(effect.utteranceId);
      case 'drop-utterance':
        this.#forgetTurn(effect.turnId);
        return this.#options.onEvent({ type: 'user-dropped', turnId: effect.turnId });
      case 'start-answer':
        return this.#startAnswer(effect);
      case 'start-notice':
        return this.#startNotice(effect);
      case 'ask-again':
        return this.#askAgain(effect);
      case 'release-answer':
        return this.#releaseAnswer(effect.answerNumber);
      case 'cancel-answer':
        return this.#cancelAnswer(effect.answerNumber, effect.reason);
      case 'hold':
        return this.#options.loudspeaker.setHeld(effect.held, HOLD_FADE_MS);
      case 'turn-ended':
        return this.#endTurn(effect, nowMs);
      case 'turn-reopened':
        this.#undoes.get(effect.turnId)?.();
        this.#undoes.delete(effect.turnId);
        this.#history = this.#history.without(effect.turnId);
        this.#timelines.delete(effect.turnId);
        return this.#showUserText(effect.turnId, this.#turnTexts.get(effect.turnId) ?? '', 0);
      case 'turn-failed':
        this.#forgetTurn(effect.turnId);
        return this.#options.onEvent({ type: 'turn-failed', turnId: effect.turnId, error: effect.error });
      default:
        effect satisfies never;
    }
  }

  async #read(utteranceId: number, toSample: number): Promise<void> {
    // A new pause begins a new account, unless an answer that began with it is already keeping one.
    const fresh = this.#state.answer === null;
    const timeline = this.#utteranceTurn ? this.#timelineOf(this.#utteranceTurn.turnId, { fresh }) : null;
    timeline?.remark('reading-asked', this.#parts.clock.nowMs());
    try {
      const reading = await this.#parts.listener.readUtterance(utteranceId, toSample);
      timeline?.remark('reading', this.#parts.clock.nowMs());
      timeline?.judged({ policy: this.#config.endpointing.name, ...reading });
      if (reading.text !== '' && this.#utteranceTurn?.utteranceId === utteranceId) {
        this.#showUserText(this.#utteranceTurn.turnId, reading.text, 0);
      }
      const { text, completeProbability } = reading;
      const echoes = this.#echoes(text);
      this.#dispatch({ type: 'reading', utteranceId, toSample, text, completeProbability, echoes });
    } catch (cause) {
      const error = ParleyError.from(cause, 'listen');
      if (error.code === 'cancelled') return;
      this.#dispatch({ type: 'reading-failed', utteranceId, toSample, error: error.serialise() });
    }
  }

  /** The timeline of a turn; `fresh` drops what an earlier pause of it has left. */
  #timelineOf(turnId: number, { fresh = false } = {}): Timeline {
    const known = this.#timelines.get(turnId);
    let timeline = fresh ? known?.atNewPause() : known;
    timeline ??= new Timeline();
    this.#timelines.set(turnId, timeline);
    return timeline;
  }

  #startAnswer(effect: Extract<TurnEffect, { type: 'start-answer' }>): void {
    const { answerNumber, turnId, userText, speculative } = effect;
    if (speculative) this.#hidden.add(answerNumber);
    else this.#options.onEvent({ type: 'answer-started', answerNumber, turnId });
    const request = { history: this.#history.without(turnId).exchanges, userText };
    this.#run({ answerNumber, turnId, request, speculative, responder: this.#parts.responder });
  }

  #startNotice({ noticeId, answerNumber, turnId }: Extract<TurnEffect, { type: 'start-notice' }>): void {
    const notice = this.#notices.get(noticeId);
    // Dropped meanwhile: the machine must not wait for it.
    if (!notice) return queueMicrotask(() => this.#dispatch({ type: 'answer-finished', answerNumber, asked: false }));
    this.#notices.delete(noticeId);
    this.#sayUnasked({ answerNumber, turnId, notice });
  }

  /** The question that was asked last stays unanswered. */
  #askAgain({ answerNumber, turnId }: { answerNumber: number; turnId: number }): void {
    this.#sayUnasked({ answerNumber, turnId, notice: askAgain(this.#timesAskedAgain++) });
  }

  #sayUnasked({ answerNumber, turnId, notice }: { answerNumber: number; turnId: number; notice: Notice }): void {
    this.#history = this.#history.with({ turnId, user: '', heard: '' });
    this.#options.onEvent({ type: 'answer-started', answerNumber, turnId });
    const request = { history: this.#history.exchanges, userText: '' };
    const responder: Pick<Responder, 'respond'> = { respond: (_, options = {}) => notice.respond(options) };
    this.#run({
      answerNumber,
      turnId,
      request,
      speculative: false,
      responder,
      onEnded: (end) => notice.onEnded?.(end),
    });
  }

  /** Whether these words are what the loudspeaker says or has just said. */
  #echoes(text: string): boolean {
    const { answer } = this.#state;
    const run = answer ? this.#runs.get(answer.number) : undefined;
    return isSelfEcho(text, (run && justSpoken(run)) || this.#lastSpoken);
  }

  #dropNotice(noticeId: number): void {
    const notice = this.#notices.get(noticeId);
    this.#notices.delete(noticeId);
    notice?.onEnded?.(NEVER_BEGUN);
  }

  #run(options: {
    answerNumber: number;
    turnId: number;
    request: ReplyRequest;
    speculative: boolean;
    responder: Pick<Responder, 'respond'>;
    onEnded?(outcome: ReplyOutcome): void;
  }): void {
    const { onEnded, ...answer } = options;
    const { tts, clock } = this.#parts;
    const timeline = this.#timelineOf(answer.turnId);
    timeline.mark('answer-started', clock.nowMs());
    const run = new ReplyRun({
      ...answer,
      tts,
      loudspeaker: this.#options.loudspeaker,
      clock,
      timeline,
      naturalPauseMs: this.#parts.naturalPauseMs?.() ?? 0,
      onProgress: (each) => this.#showAnswer(each),
      onAudible: (each) => this.#dispatch({ type: 'answer-audible', answerNumber: each.answerNumber }),
      onApplied: (each, undo) => this.#undoes.set(each.turnId, undo),
      onEnded: (each, outcome) => {
        onEnded?.(outcome);
        this.#endAnswer(each, outcome);
      },
    });
    this.#runs.set(answer.answerNumber, run);
  }

  #releaseAnswer(answerNumber: number): void {
    const run = this.#runs.get(answerNumber);
    if (!run) return;
    this.#hidden.delete(answerNumber);
    this.#options.onEvent({ type: 'answer-started', answerNumber, turnId: run.turnId });
    run.release();
    if (run.text !== '') this.#showAnswer(run);
  }

  #cancelAnswer(answerNumber: number, reason: CancelReason): void {
    const run = this.#runs.get(answerNumber);
    // The account of an answer that never was is of no use to the next one.
    if (run && this.#hidden.has(answerNumber)) this.#timelines.delete(run.turnId);
    run?.interrupt(reason);
  }

  #showAnswer(run: ReplyRun): void {
    if (this.#hidden.has(run.answerNumber)) return;
    this.#options.onEvent({
      type: 'answer-text',
      answerNumber: run.answerNumber,
      text: run.text,
      heardChars: run.heardChars,
    });
  }

  #endTurn(effect: Extract<TurnEffect, { type: 'turn-ended' }>, nowMs: number): void {
    const { turnId, text, source } = effect;
    const timeline = this.#timelineOf(turnId);
    timeline.speechEndedAt(
      source === 'typed' ? nowMs : this.#captureClock.capturedAtMs(effect.lastSpeechSample, nowMs),
      { isTyped: source === 'typed' },
    );
    timeline.mark('endpoint', nowMs);
    this.#turnTexts.set(turnId, text);
    this.#history = this.#history.with({ turnId, user: text, heard: '' });
    const capture = source === 'voice' ? { capture: captureAccount(this.#parts.captureChain?.() ?? null) } : {};
    const stableChars = text.length;
    this.#options.onEvent({ type: 'user-text', turnId, text, stableChars, final: true, source, ...capture });
  }

  #endAnswer(run: ReplyRun, outcome: ReplyOutcome): void {
    this.#runs.delete(run.answerNumber);
    this.#lastSpoken = justSpoken(run) || this.#lastSpoken;
    const wasHidden = this.#hidden.delete(run.answerNumber);
    this.#keepHeard(run, outcome);
    const takenBack = outcome.reason === 'superseded' || outcome.reason === 'barge-in';
    if (!wasHidden && takenBack && outcome.heardChars === 0) {
      this.#options.onEvent({ type: 'answer-withdrawn', answerNumber: run.answerNumber });
    } else if (!wasHidden) {
      this.#reportEnd(run, outcome);
    }
    const asked = outcome.outcome === 'done' && outcome.answeredBy !== 'notice' && isQuestion(outcome.text);
    this.#dispatch({ type: 'answer-finished', answerNumber: run.answerNumber, asked });
    if (this.#runs.size === 0) this.#prepareNextTurn();
  }

  #reportEnd(run: ReplyRun, outcome: ReplyOutcome): void {
    const { text, heardChars, error, answeredBy } = outcome;
    this.#options.onEvent({
      type: 'answer-ended',
      answerNumber: run.answerNumber,
      turnId: run.turnId,
      outcome: outcome.outcome,
      text,
      heardChars,
      error,
      timing: run.timeline.timing(),
      answeredBy,
    });
    this.#forgetTurn(run.turnId);
  }

  /** History holds only what was heard; a turn that was opened again meanwhile is not in it. */
  #keepHeard(run: ReplyRun, outcome: ReplyOutcome): void {
    if (!this.#history.exchanges.some(({ turnId }) => turnId === run.turnId)) return;
    const heard = outcome.text.slice(0, outcome.heardChars);
    this.#history = this.#history.with({ turnId: run.turnId, user: run.userText, heard });
  }

  /** Between turns: shorten the history if need be, and let the responder get ready for the next question. */
  #prepareNextTurn(): void {
    if (this.#closed) return;
    this.#history = this.#history.trimmed(this.#parts.maxHistoryChars);
    this.#parts.responder.anticipate({ history: this.#history.exchanges, userText: '' });
  }

  #forgetTurn(turnId: number): void {
    this.#timelines.delete(turnId);
    this.#turnTexts.delete(turnId);
    this.#undoes.delete(turnId);
  }
}

/** The answer ends by asking. */
function isQuestion(text: string): boolean {
  return /\?["'”’)]*\s*$/u.test(text);
}

/** Some 15 s of speech, and the words that sound before the device has reported them. */
const JUST_SPOKEN_CHARS = 240;
const AHEAD_CHARS = 24;

/** The words around the point that the loudspeaker has reached: what a microphone may hear of it now. "" while nothing was heard. */
function justSpoken({ text, heardChars }: ReplyRun): string {
  return heardChars === 0 ? '' : text.slice(Math.max(0, heardChars - JUST_SPOKEN_CHARS), heardChars + AHEAD_CHARS);
}
