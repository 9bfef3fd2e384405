import { ParleyError, type SerialisedError } from '../../contract/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PastExchange } from '../../ports/responder.ts';
import type { ConnectOptions, RemoteConnection, RemoteEvent, TurnTaking } from '../remote-voice.ts';
import { connectionError } from './connection-errors.ts';
import type { Dialect, Line, LineEvent } from './line.ts';
import { OutgoingAudio } from './outgoing-audio.ts';
import { ReconnectBudget } from './reconnect-budget.ts';
import { ReplayLedger } from './replay-ledger.ts';
import { STALLED_AFTER_MS, StallWatchdog } from './stall-watchdog.ts';

export interface ConnectionParts {
  dialect: Dialect;
  clock: Clock;
}

/** Lines that break: three in five minutes are mended. The least wait is for the loudspeaker to tell what of a lost answer was heard. */
const REMADE = { max: 3, withinMs: 300_000 };
const BACKOFF_MS = [250, 1000, 4000];
/** Lines that are changed on purpose; more are a provider that hangs up on everybody. */
const MOVED = { max: 12, withinMs: 300_000 };
/** A change on purpose waits this long for a tool or for the rest of an answer … */
const MOVE_WITHIN_MS = 8000;
/** … and is made this long before the provider hangs up. */
const MOVE_MARGIN_MS = 1000;
const MAX_WAITING_TEXTS = 4;

/**
 * A provider's connection that outlives its lines. A lost line costs the answer that was on it: another one is opened and told what was said and
 * heard. Whatever else goes wrong ends in one `closed`.
 */
export class ReconnectingConnection implements RemoteConnection {
  readonly inputRateHz: number;
  readonly #dialect: Dialect;
  readonly #clock: Clock;
  readonly #options: ConnectOptions;
  readonly #ledger: ReplayLedger;
  readonly #audio: OutgoingAudio;
  readonly #watchdog: StallWatchdog;
  readonly #remade: ReconnectBudget;
  readonly #moved: ReconnectBudget;
  /** What the provider is saying, and what it waits for us to do. */
  readonly #answers = new Set<string>();
  readonly #calls = new Set<string>();
  #line: Line | null = null;
  /** Ends the opening of a line; what an abandoned one tells is not listened to. */
  #opening = new AbortController();
  #waitingTexts: string[] = [];
  #turnTaking: TurnTaking;
  #isTurnOpen = false;
  /** The line of now was told something that is to be answered, or hears it now; no answer has begun. */
  #owesAnswer = false;
  /** Providers send faster than is heard: until then what has come of answers lasts. */
  #soundingUntilMs = 0;
  #stalls = 0;
  #stopWaiting: (() => void) | null = null;
  #isMoveDue = false;
  #isClosed = false;

  /** Rejects as the dialect does; nothing is left open then. */
  static async open(parts: ConnectionParts, options: ConnectOptions): Promise<ReconnectingConnection> {
    const connection = new ReconnectingConnection(parts, options);
    const abort = (): void => connection.#opening.abort();
    options.signal?.addEventListener('abort', abort);
    if (options.signal?.aborted) abort();
    try {
      await connection.#openLine();
      if (options.signal?.aborted) throw cancelled();
      return connection;
    } catch (cause) {
      connection.#end();
      throw cause;
    } finally {
      options.signal?.removeEventListener('abort', abort);
    }
  }

  private constructor({ dialect, clock }: ConnectionParts, options: ConnectOptions) {
    this.#dialect = dialect;
    this.#clock = clock;
    this.#options = options;
    this.inputRateHz = dialect.inputRateHz;
    this.#turnTaking = options.turnTaking;
    this.#ledger = new ReplayLedger(options.history);
    this.#audio = new OutgoingAudio({
      clock,
      sampleRateHz: dialect.inputRateHz,
      isConstant: dialect.needsConstantAudio,
      send: (pcm16) => this.#line?.sendAudio(pcm16),
    });
    this.#watchdog = new StallWatchdog({ clock, onStalled: () => this.#onStalled() });
    this.#remade = new ReconnectBudget({ clock, ...REMADE });
    this.#moved = new ReconnectBudget({ clock, ...MOVED });
  }

  sendAudio(pcm: Float32Array): void {
    if (!this.#line) return;
    this.#audio.push(pcm);
    // While we owe it a tool's result a provider may well be silent; and while an answer sounds, what is heard may be its echo.
    const mayBeSilent = this.#calls.size > 0 || this.#clock.nowMs() < this.#soundingUntilMs;
    if (this.#turnTaking === 'provider' && !mayBeSilent) this.#watchdog.listen(pcm, this.inputRateHz);
  }

  sendText(text: string): void {
    if (this.#isClosed) return;
    if (!this.#line) {
      this.#waitingTexts = [...this.#waitingTexts, text].slice(-MAX_WAITING_TEXTS);
      return;
    }
    this.#ledger.userTyped(text);
    this.#line.sendText(text);
    this.#owesAnswer = true;
    this.#watchdog.expectAnswer();
  }

  setTurnTaking(turnTaking: TurnTaking): void {
    if (turnTaking === this.#turnTaking) return;
    this.#turnTaking = turnTaking;
    this.#isTurnOpen = false;
    this.#watchdog.reset();
    if (this.#line && !this.#line.setTurnTaking(turnTaking)) this.#moveSoon(MOVE_WITHIN_MS);
  }

  beginTurn(): void {
    this.#isTurnOpen = true;
    // The user speaks now: what a move would have waited for is cut off anyway.
    if (this.#isMoveDue) this.#move();
    else this.#line?.beginTurn();
  }

  endTurn(): void {
    this.#isTurnOpen = false;
    this.#audio.flush();
    if (!this.#line) return;
    this.#owesAnswer = true;
    this.#line.endTurn();
    this.#watchdog.expectAnswer();
  }

  cancelAnswer(answer: Parameters<RemoteConnection['cancelAnswer']>[0]): void {
    this.#ledger.answerHeard(answer.answerId, answer.heardText);
    this.#answers.delete(answer.answerId);
    this.#soundingUntilMs = 0;
    this.#line?.cancelAnswer(answer);
    this.#moveIfIdle();
  }

  /** A line that comes later is told it with the rest of the history. */
  tell(exchanges: readonly PastExchange[]): void {
    this.#ledger.told(exchanges);
    this.#line?.tell?.(exchanges);
  }

  sendToolResult(result: Parameters<RemoteConnection['sendToolResult']>[0]): void {
    // Of a line that is gone: nobody waits for it.
    if (!this.#calls.delete(result.callId)) return;
    this.#line?.sendToolResult(result);
    this.#watchdog.expectAnswer();
    this.#moveIfIdle();
  }

  close(): Promise<void> {
    this.#end();
    return Promise.resolve();
  }

  async #openLine(): Promise<void> {
    this.#opening = new AbortController();
    const { signal } = this.#opening;
    const { instructions, tools } = this.#options;
    const turnTaking = this.#turnTaking;
    const line = await this.#dialect.open({
      instructions,
      tools,
      turnTaking,
      history: this.#ledger.exchanges,
      signal,
      listener: {
        onEvent: (event) => void (signal.aborted || this.#onEvent(event)),
        onAlive: () => void (signal.aborted || this.#watchdog.rest()),
        onLeaveSoon: (withinMs) => void (signal.aborted || this.#moveSoon(withinMs - MOVE_MARGIN_MS)),
        onLost: (error) => void (signal.aborted || this.#onLost(error)),
      },
    });
    if (signal.aborted) return line.close();
    this.#line = line;
    // What was wished for while it was being opened.
    if (turnTaking !== this.#turnTaking && !line.setTurnTaking(this.#turnTaking)) return this.#move();
    if (this.#isTurnOpen) line.beginTurn();
    const texts = this.#waitingTexts;
    this.#waitingTexts = [];
    for (const text of texts) this.sendText(text);
  }

  #onEvent(event: LineEvent): void {
    switch (event.type) {
      case 'user-text':
        this.#ledger.userSaid(event.itemId, event.text);
        if (event.final && event.text === '') this.#owesAnswer = false;
        break;
      case 'answer-text':
        this.#ledger.answerSays(event.answerId, event.text);
        break;
      case 'answer-started':
        this.#stalls = 0;
        this.#owesAnswer = false;
        this.#watchdog.answered();
        this.#answers.add(event.answerId);
        break;
      case 'answer-done':
        this.#answers.delete(event.answerId);
        break;
      case 'tool-call':
        this.#calls.add(event.callId);
        break;
      case 'tools-cancelled':
        for (const callId of event.callIds) this.#calls.delete(callId);
        break;
      case 'answer-audio':
        this.#soundingUntilMs =
          Math.max(this.#soundingUntilMs, this.#clock.nowMs()) + (event.pcm.length * 1000) / event.sampleRateHz;
        break;
      case 'speech-started':
      case 'speech-stopped':
        this.#owesAnswer = true;
        break;
      case 'usage':
      case 'problem':
        break;
      default:
        event satisfies never;
    }
    this.#options.onEvent(event);
    this.#moveIfIdle();
  }

  #onLost(error: SerialisedError): void {
    this.#leaveLine({ status: 'failed', error });
    this.#remake(error);
  }

  #onStalled(): void {
    const what = `it has said nothing for ${STALLED_AFTER_MS / 1000} s`;
    const error = connectionError('call-timeout', { label: this.#dialect.label, what }).serialise();
    this.#leaveLine({ status: 'failed', error });
    if (this.#stalls > 0) return this.#giveUp(error);
    this.#stalls++;
    this.#remake(error);
  }

  #remake(error: SerialisedError): void {
    const attempt = this.#remade.used;
    if (!error.retryable || !this.#remade.take()) return this.#giveUp(error);
    this.#tell({ type: 'problem', error });
    const delayMs = BACKOFF_MS[attempt] ?? BACKOFF_MS.at(-1)!;
    this.#stopWaiting = this.#clock.schedule(delayMs, () => this.#reopen());
  }

  #reopen(): void {
    this.#openLine().catch((cause: unknown) => {
      if (this.#isClosed) return;
      this.#remake(ParleyError.from(cause, 'think', 'engine-failed').serialise());
    });
  }

  /** Another line on purpose: when nothing is under way on this one, or after this time. */
  #moveSoon(withinMs: number): void {
    if (this.#isClosed || !this.#line) return;
    this.#isMoveDue = true;
    this.#stopWaiting?.();
    this.#stopWaiting = this.#clock.schedule(Math.min(withinMs, MOVE_WITHIN_MS), () => this.#move());
    this.#moveIfIdle();
  }

  #moveIfIdle(): void {
    if (this.#isMoveDue && this.#answers.size === 0 && this.#calls.size === 0) this.#move();
  }

  #move(): void {
    if (this.#isClosed) return;
    // What has come of an answer is played to its end.
    this.#leaveLine({ status: 'complete' });
    if (this.#moved.take()) return this.#reopen();
    this.#giveUp(connectionError('endpoint-unreachable', { label: this.#dialect.label }).serialise());
  }

  /** Nothing more is heard of the line; what was under way on it is over. */
  #leaveLine(answers: { status: 'complete' | 'failed'; error?: SerialisedError }): void {
    this.#opening.abort();
    this.#line?.close();
    this.#line = null;
    this.#stopWaiting?.();
    this.#isMoveDue = false;
    this.#watchdog.reset();
    const calls = [...this.#calls];
    this.#calls.clear();
    if (calls.length > 0) this.#tell({ type: 'tools-cancelled', callIds: calls });
    const answerIds = [...this.#answers];
    this.#answers.clear();
    for (const answerId of answerIds) this.#tell({ type: 'answer-done', answerId, ...answers });
    const isTurnLost = this.#owesAnswer;
    this.#owesAnswer = false;
    if (isTurnLost && answers.error) this.#tell({ type: 'turn-lost', error: answers.error });
  }

  #giveUp(error: SerialisedError): void {
    if (this.#isClosed) return;
    this.#end();
    this.#options.onEvent({ type: 'closed', error });
  }

  #tell(event: RemoteEvent): void {
    if (!this.#isClosed) this.#options.onEvent(event);
  }

  #end(): void {
    this.#isClosed = true;
    this.#opening.abort();
    this.#line?.close();
    this.#line = null;
    this.#stopWaiting?.();
    this.#isMoveDue = false;
    this.#watchdog.reset();
    this.#audio.close();
  }
}

function cancelled(): ParleyError {
  return new ParleyError({ code: 'cancelled', stage: 'think', message: 'The connection is no longer wanted.' });
}
