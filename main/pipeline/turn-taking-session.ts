import { captureAccount, type CaptureChainState } from '../contract/capture-chain.ts';
import { ParleyError, type SerialisedError } from '../contract/errors.ts';
import type { InputMode } from '../contract/state.ts';
import { CaptureClock } from '../domain/turn/capture-clock.ts';
import type { TurnConfig } from '../domain/turn/config.ts';
import type { TurnEffect } from '../domain/turn/effects.ts';
import type { CaptureFrame, PlaybackProgress } from '../ports/audio-devices.ts';
import type { Clock } from '../ports/clock.ts';
import type { Listener, ListenerEvent } from '../ports/listener.ts';
import type { Logger } from '../ports/logger.ts';
import type { PastExchange, Responder } from '../ports/responder.ts';
import type { Tts } from '../ports/tts.ts';
import type { Notice, SessionOptions, VoiceSession } from '../ports/voice-architecture.ts';
import type { WallClock } from '../ports/wall-clock.ts';
import { Answers } from './answers.ts';
import { askAgain } from './ask-again.ts';
import { GapWatch } from './gap-watch.ts';
import { neverBegun, NoticeQueue } from './notice-queue.ts';
import { SentenceEndAsker, type AskSentenceEnd } from './sentence-end-asker.ts';
import { TurnAccounts } from './turn-accounts.ts';
import { TurnDriver } from './turn-driver.ts';

export interface TurnTakingParts {
  listener: Listener;
  responder: Responder;
  tts: Tts;
  clock: Clock;
  logger: Logger;
  /** Asked between utterances: a choice holds from the next one on. */
  config(): TurnConfig;
  /** Default: nobody can tell. */
  sentenceEnd?: AskSentenceEnd;
  /** How soon an answer that is known at once may follow the user's last sound. Default: 0. */
  naturalPauseMs?(): number;
  /** What is done to the microphone's sound now; null where that is not known. Default: not known. */
  captureChain?(): CaptureChainState | null;
  /** Shows that the machine has slept where the monotonic clock does not. Default: nothing does. */
  wallClock?: WallClock;
  /** Text of the conversation that the responder is given at most, in characters. */
  maxHistoryChars: number;
}

/** Half of the bus's own: a voice that stops within a consonant still makes no click. */
const HOLD_FADE_MS = 10;

/** Carries out what the turn machine decides: listens, answers, speaks, and keeps what was heard. */
export class TurnTakingSession implements VoiceSession {
  readonly #parts: TurnTakingParts;
  readonly #options: SessionOptions;
  readonly #driver: TurnDriver;
  readonly #accounts: TurnAccounts;
  readonly #answers: Answers;
  readonly #notices = new NoticeQueue();
  readonly #captureClock = new CaptureClock();
  readonly #gaps: GapWatch;
  readonly #sentenceEnds: SentenceEndAsker | null;
  readonly #unsubscribe: () => void;
  #utteranceTurn: { utteranceId: number; turnId: number } | null = null;
  #timesAskedAgain = 0;
  #closed = false;

  constructor(parts: TurnTakingParts, options: SessionOptions) {
    const { clock, tts, config, wallClock } = parts;
    const { inputMode, loudspeaker, onEvent } = options;
    this.#parts = parts;
    this.#options = options;
    this.#gaps = new GapWatch({ clock, wallClock });
    this.#accounts = new TurnAccounts(options.history);
    this.#driver = new TurnDriver({
      clock,
      inputMode,
      config,
      carryOut: (effect, nowMs) => this.#carryOut(effect, nowMs),
      onFloor: (floor) => onEvent({ type: 'floor', floor }),
    });
    this.#answers = new Answers({
      tts,
      clock,
      loudspeaker,
      accounts: this.#accounts,
      naturalPauseMs: () => parts.naturalPauseMs?.() ?? 0,
      onEvent,
      onKnown: (answerNumber, by) => this.#driver.dispatch({ type: 'answer-known', answerNumber, by }),
      onAudible: (answerNumber) => this.#driver.dispatch({ type: 'answer-audible', answerNumber }),
      onFinished: (answerNumber, { asked }) => {
        this.#driver.dispatch({ type: 'answer-finished', answerNumber, asked });
        if (this.#answers.isIdle) this.#prepareNextTurn();
      },
    });
    this.#sentenceEnds = parts.sentenceEnd
      ? new SentenceEndAsker({
          ask: parts.sentenceEnd,
          clock,
          onAnswer: (words) => this.#driver.dispatch({ type: 'sentence-end', ...words }),
        })
      : null;
    this.#unsubscribe = parts.listener.onEvent((event) => this.#onListener(event));
    this.#prepareNextTurn();
  }

  get history(): readonly PastExchange[] {
    return this.#accounts.history.map(({ user, heard }) => ({ user, heard }));
  }

  push(frames: CaptureFrame[]): void {
    if (this.#closed) return;
    if (this.#gaps.precedes(frames)) this.#driver.dispatch({ type: 'gap', clockMs: 0 });
    if (frames.length > 0) this.#captureClock.note(this.#gaps.endSample, this.#parts.clock.nowMs());
    this.#parts.listener.push(frames);
  }

  playback(progress: PlaybackProgress): void {
    this.#answers.onPlayback(progress);
  }

  say(text: string): void {
    this.#driver.dispatch({ type: 'typed', text });
  }

  announce(notice: Notice): void {
    if (this.#closed) return neverBegun(notice);
    this.#driver.dispatch({ type: 'notice', noticeId: this.#notices.add(notice) });
  }

  stop(): void {
    this.#driver.dispatch({ type: 'stop' });
  }

  setInputMode(inputMode: InputMode): void {
    this.#driver.dispatch({ type: 'set-input-mode', inputMode });
  }

  setMuted(muted: boolean): void {
    this.#driver.dispatch({ type: 'set-muted', muted });
  }

  pushToTalk(held: boolean): void {
    this.#driver.dispatch({ type: 'push-to-talk', held, capturedSample: this.#gaps.endSample });
  }

  /** The listening process died: an open utterance is lost and said to be, the rest goes on. */
  listenerLost(error: SerialisedError): void {
    this.#driver.dispatch({ type: 'listener-lost', error });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#driver.close();
    this.#unsubscribe();
    this.#notices.close();
    this.#sentenceEnds?.close();
    await this.#answers.close();
  }

  #onListener(event: ListenerEvent): void {
    if (event.type === 'vad') return this.#onWindow(event);
    if (event.type !== 'partial') return;
    if (this.#utteranceTurn?.utteranceId === event.utteranceId && event.text !== '') this.#onPartial(event);
  }

  #onWindow(window: Extract<ListenerEvent, { type: 'vad' }>): void {
    const halfDuplex = this.#parts.captureChain?.()?.halfDuplex ?? false;
    if (halfDuplex !== this.#driver.state.halfDuplex) this.#driver.dispatch({ type: 'half-duplex', on: halfDuplex });
    const capturedAtMs = this.#captureClock.capturedAtMs(window.endSample, this.#parts.clock.nowMs());
    this.#driver.dispatch({ ...window, capturedAtMs });
  }

  #onPartial({ utteranceId, text, stableChars, endSample }: Extract<ListenerEvent, { type: 'partial' }>): void {
    const { clock, responder } = this.#parts;
    const { turnId } = this.#utteranceTurn!;
    this.#driver.dispatch({ type: 'partial', utteranceId, text, endSample, echoes: this.#echoes(text) });
    if (this.#utteranceTurn?.utteranceId !== utteranceId) return;
    this.#accounts.timelineOf(turnId).mark('first-partial', clock.nowMs());
    this.#showUserText(turnId, text, stableChars);
    if (this.#driver.state.answer) return;
    this.#accounts.timelineOf(turnId).mark('anticipated', clock.nowMs());
    responder.anticipate({ history: this.history, userText: text });
  }

  #echoes(text: string): boolean {
    return this.#answers.echoes(text, this.#driver.state.answer?.number);
  }

  #showUserText(turnId: number, text: string, stableChars: number): void {
    this.#options.onEvent({ type: 'user-text', turnId, text, stableChars, final: false, source: 'voice' });
  }

  #carryOut(effect: TurnEffect, nowMs: number): void {
    const { listener } = this.#parts;
    switch (effect.type) {
      case 'begin-utterance':
        this.#utteranceTurn = { utteranceId: effect.utteranceId, turnId: effect.turnId };
        return listener.beginUtterance(effect.utteranceId, effect.fromSample);
      case 'read-utterance':
        return void this.#read(effect.utteranceId, effect.toSample);
      case 'ask-sentence-end':
        return this.#askSentenceEnd(effect);
      case 'end-utterance':
        this.#utteranceTurn = null;
        this.#sentenceEnds?.forget();
        return listener.endUtterance(effect.utteranceId);
      case 'drop-utterance':
        this.#accounts.forget(effect.turnId);
        return this.#options.onEvent({ type: 'user-dropped', turnId: effect.turnId });
      case 'start-answer':
        return this.#startAnswer(effect);
      case 'start-notice':
        return this.#startNotice(effect);
      case 'ask-again':
        return this.#sayUnasked(effect, askAgain(this.#timesAskedAgain++));
      case 'release-answer':
        return this.#answers.release(effect.answerNumber);
      case 'cancel-answer':
        return this.#answers.cancel(effect.answerNumber, effect.reason);
      case 'hold':
        return this.#options.loudspeaker.setHeld(effect.held, HOLD_FADE_MS);
      case 'turn-ended':
        return this.#endTurn(effect, nowMs);
      case 'turn-reopened':
        return this.#showUserText(effect.turnId, this.#accounts.reopen(effect.turnId), 0);
      case 'turn-failed':
        this.#accounts.forget(effect.turnId);
        return this.#options.onEvent({ type: 'turn-failed', turnId: effect.turnId, error: effect.error });
      default:
        effect satisfies never;
    }
  }

  async #read(utteranceId: number, toSample: number): Promise<void> {
    // A new pause begins a new account, unless an answer that began with it is already keeping one.
    const fresh = this.#driver.state.answer === null;
    const timeline = this.#utteranceTurn ? this.#accounts.timelineOf(this.#utteranceTurn.turnId, { fresh }) : null;
    timeline?.remark('reading-asked', this.#parts.clock.nowMs());
    try {
      const reading = await this.#parts.listener.readUtterance(utteranceId, toSample);
      timeline?.remark('reading', this.#parts.clock.nowMs());
      timeline?.judged({ policy: this.#driver.config.endpointing.name, ...reading });
      if (reading.text !== '' && this.#utteranceTurn?.utteranceId === utteranceId) {
        this.#showUserText(this.#utteranceTurn.turnId, reading.text, 0);
      }
      const { text, completeProbability } = reading;
      const echoes = this.#echoes(text);
      this.#driver.dispatch({ type: 'reading', utteranceId, toSample, text, completeProbability, echoes });
    } catch (cause) {
      const error = ParleyError.from(cause, 'listen');
      if (error.code === 'cancelled') return;
      this.#driver.dispatch({ type: 'reading-failed', utteranceId, toSample, error: error.serialise() });
    }
  }

  #askSentenceEnd({ utteranceId, turnId, text }: Extract<TurnEffect, { type: 'ask-sentence-end' }>): void {
    const request = { history: this.#accounts.historyWithout(turnId), userText: text };
    this.#sentenceEnds?.ask({ utteranceId, text }, request);
  }

  #startAnswer(effect: Extract<TurnEffect, { type: 'start-answer' }>): void {
    const { answerNumber, turnId, userText, speculative } = effect;
    const request = { history: this.#accounts.historyWithout(turnId), userText };
    this.#answers.start({ answerNumber, turnId, request, speculative, responder: this.#parts.responder });
  }

  #startNotice(effect: Extract<TurnEffect, { type: 'start-notice' }>): void {
    const { noticeId, answerNumber } = effect;
    const notice = this.#notices.take(noticeId);
    if (notice) return this.#sayUnasked(effect, notice);
    // Dropped meanwhile: the machine must not wait for it.
    queueMicrotask(() => this.#driver.dispatch({ type: 'answer-finished', answerNumber, asked: false }));
  }

  #sayUnasked({ answerNumber, turnId }: { answerNumber: number; turnId: number }, notice: Notice): void {
    this.#accounts.begin(turnId, '');
    const request = { history: this.#accounts.history, userText: '' };
    const responder: Pick<Responder, 'respond'> = { respond: (_, options = {}) => notice.respond(options) };
    const onEnded: Notice['onEnded'] = (end) => notice.onEnded?.(end);
    this.#answers.start({ answerNumber, turnId, request, speculative: false, responder, onEnded });
  }

  #endTurn(effect: Extract<TurnEffect, { type: 'turn-ended' }>, nowMs: number): void {
    const { turnId, text, source, lastSpeechSample } = effect;
    const isTyped = source === 'typed';
    const timeline = this.#accounts.timelineOf(turnId);
    const endedAtMs = isTyped ? nowMs : this.#captureClock.capturedAtMs(lastSpeechSample, nowMs);
    timeline.speechEndedAt(endedAtMs, { isTyped });
    timeline.mark('endpoint', nowMs);
    this.#accounts.begin(turnId, text);
    const capture = isTyped ? {} : { capture: captureAccount(this.#parts.captureChain?.() ?? null) };
    const stableChars = text.length;
    this.#options.onEvent({ type: 'user-text', turnId, text, stableChars, final: true, source, ...capture });
  }

  /** Between turns: shorten the history if need be, and let the responder get ready for the next question. */
  #prepareNextTurn(): void {
    if (this.#closed) return;
    this.#accounts.trimHistory(this.#parts.maxHistoryChars);
    this.#parts.responder.anticipate({ history: this.#accounts.history, userText: '' });
  }
}
