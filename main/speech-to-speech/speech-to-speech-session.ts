import { ParleyError, type SerialisedError } from '../contract/errors.ts';
import type { Floor, InputMode } from '../contract/state.ts';
import { Timeline } from '../domain/conversation/timeline.ts';
import type { CaptureFrame, PlaybackProgress } from '../ports/audio-devices.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { Listener } from '../ports/listener.ts';
import type { OpenResampler, Resampler } from '../ports/resampler.ts';
import type { PastExchange } from '../ports/responder.ts';
import type { ToolBox } from '../ports/tool.ts';
import type { Notice, SessionOptions, VoiceSession } from '../ports/voice-architecture.ts';
import { AwaitedAnswer } from './awaited-answer.ts';
import { LastSound } from './last-sound.ts';
import { answerTooLate } from './lost-turn.ts';
import { NoticeRun, type NoticeParts } from './notice-run.ts';
import { PlayedWords } from './played-words.ts';
import { RemoteAnswer, type RemoteAnswerEnd } from './remote-answer.ts';
import { RemoteHistory } from './remote-history.ts';
import { RemoteTools } from './remote-tools.ts';
import { SideTranscript } from './side-transcript.ts';
import { UserTurns } from './user-turns.ts';
import type { RemoteConnection, RemoteEvent, RemoteProvider, RemoteUsage } from './remote-voice.ts';

export interface SpeechToSpeechParts extends NoticeParts {
  provider: RemoteProvider;
  clock: Clock;
  logger: Logger;
  openResampler: OpenResampler;
  /** Null: the model gets no tools. */
  tools: ToolBox | null;
  instructions: string;
  /** They write down the user's side, too. Default: nobody does. */
  ears?(): Listener | null;
  /** For each session, who reads the provider's own meter. */
  openMeter?(): (usage: RemoteUsage) => void;
}

const CAPTURE_RATE_HZ = 16_000;
const REMEMBERED_ANSWERS = 64;

/**
 * A conversation with a speech-to-speech model. The provider decides who has the floor, we decide what was heard: every answer that is cut off
 * is reported to the provider with the milliseconds that left the loudspeaker, and history holds nothing else.
 */
export class SpeechToSpeechSession implements VoiceSession {
  readonly #parts: SpeechToSpeechParts;
  readonly #options: SessionOptions;
  readonly #history: RemoteHistory;
  readonly #lastSound = new LastSound();
  readonly #answers = new Map<string, RemoteAnswer>();
  /** Ids of the last answers that have ended here: what still comes of them is late. */
  readonly #over: string[] = [];
  readonly #turns: UserTurns;
  readonly #notices: NoticeRun;
  readonly #awaited: AwaitedAnswer;
  #side: SideTranscript | undefined;
  #played: PlayedWords | undefined;
  readonly #meter: ((usage: RemoteUsage) => void) | undefined;
  #tools: RemoteTools | undefined;
  #connection!: RemoteConnection;
  #resampler: Resampler | undefined;
  #nextAnswerNumber = 1;
  #inputMode: InputMode;
  #isMuted = false;
  #isHeld = false;
  #isHearing = false;
  #floor: Floor = 'listening';
  #isClosed = false;

  /** Rejects when the provider cannot be connected; nothing is left open then. */
  static async open(parts: SpeechToSpeechParts, options: SessionOptions): Promise<SpeechToSpeechSession> {
    const session = new SpeechToSpeechSession(parts, options);
    await session.#connect();
    return session;
  }

  private constructor(parts: SpeechToSpeechParts, options: SessionOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#inputMode = options.inputMode;
    this.#meter = parts.openMeter?.();
    this.#history = new RemoteHistory(options.history);
    this.#turns = new UserTurns({ history: this.#history, onEvent: options.onEvent });
    this.#awaited = new AwaitedAnswer({ clock: parts.clock, onLate: () => this.#failTurn(answerTooLate()) });
    this.#notices = new NoticeRun(parts, {
      loudspeaker: options.loudspeaker,
      onEvent: options.onEvent,
      numbers: () => ({ answerNumber: this.#nextAnswerNumber++, turnId: this.#turns.nextId() }),
      onChanged: () => this.#showFloor(),
    });
  }

  async #connect(): Promise<void> {
    const { provider, tools, instructions, openResampler } = this.#parts;
    this.#connection = await provider.connect({
      instructions,
      history: this.#options.history,
      tools: tools?.offers() ?? [],
      turnTaking: this.#inputMode === 'push-to-talk' ? 'local' : 'provider',
      onEvent: (event) => this.#onRemote(event),
    });
    if (tools) this.#tools = new RemoteTools(tools, this.#connection, (callId) => this.#awaited.toolSettled(callId));
    const listener = this.#parts.ears?.();
    if (listener) this.#side = new SideTranscript({ listener, onText: (text) => this.#turns.onSideText(text) });
    if (listener?.transcribe) {
      this.#played = new PlayedWords({
        transcribe: (pcm, options) => listener.transcribe!(pcm, options),
        openResampler,
        onText: (answerNumber, text) => this.#options.onEvent({ type: 'answer-recognised', answerNumber, text }),
      });
    }
    const { inputRateHz } = this.#connection;
    if (inputRateHz !== CAPTURE_RATE_HZ) {
      this.#resampler = await openResampler({ inputRateHz: CAPTURE_RATE_HZ, outputRateHz: inputRateHz });
    }
  }

  get history(): readonly PastExchange[] {
    return this.#history.exchanges;
  }

  push(frames: CaptureFrame[]): void {
    if (this.#isClosed) return;
    const isOpen = this.#inputMode !== 'push-to-talk' || this.#isHeld;
    if (!isOpen) return;
    if (!this.#isMuted) this.#side?.push(frames);
    for (const { samples } of frames) {
      // Muted, the provider gets silence: its detector would wait for the rest of a turn for ever, and some protocols stand still without audio.
      const heard = this.#isMuted ? new Float32Array(samples.length) : samples;
      this.#lastSound.push(heard, this.#parts.clock.nowMs());
      this.#connection.sendAudio(this.#resampler ? this.#resampler.process(heard) : heard);
    }
  }

  playback(progress: PlaybackProgress): void {
    for (const answer of this.#answers.values()) answer.onPlayback(progress);
    this.#notices.onPlayback(progress);
    this.#showFloor();
  }

  say(text: string): void {
    this.#cutOff();
    this.#turns.typed(text);
    this.#awaited.begin();
    this.#connection.sendText(text);
    this.#showFloor();
  }

  announce(notice: Notice): void {
    this.#notices.add(notice);
    this.#showFloor();
  }

  stop(): void {
    this.#awaited.end();
    this.#cutOff();
    this.#showFloor();
  }

  setInputMode(mode: InputMode): void {
    if (mode === this.#inputMode) return;
    this.#inputMode = mode;
    this.#isHeld = false;
    this.#connection.setTurnTaking(mode === 'push-to-talk' ? 'local' : 'provider');
  }

  setMuted(muted: boolean): void {
    this.#isMuted = muted;
    this.#showFloor();
  }

  pushToTalk(held: boolean): void {
    if (this.#inputMode !== 'push-to-talk' || held === this.#isHeld) return;
    this.#isHeld = held;
    if (held) {
      this.#cutOff();
      this.#connection.beginTurn();
      this.#onSpeechStarted(undefined);
    } else {
      this.#onSpeechStopped();
      this.#connection.endTurn();
    }
  }

  /** Nobody here listens but the provider. */
  listenerLost(): void {}

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#letGo();
    await Promise.all([...this.#answers.values()].map((answer) => answer.interrupt()));
    this.#resampler?.close();
    await this.#connection.close();
  }

  #onRemote(event: RemoteEvent): void {
    if (this.#isClosed) return;
    switch (event.type) {
      case 'speech-started':
        this.#cutOff();
        return this.#onSpeechStarted(event.itemId);
      case 'speech-stopped':
        return this.#onSpeechStopped();
      case 'user-text':
        return this.#onUserText(event);
      case 'answer-started':
        return void this.#answer(event.answerId);
      case 'answer-audio':
        return this.#answer(event.answerId)?.addAudio(event.pcm, event.sampleRateHz);
      case 'answer-text':
        return this.#answer(event.answerId)?.addText(event.text);
      case 'answer-done':
        return this.#onAnswerDone(event);
      case 'tool-call':
        return this.#onToolCall(event);
      case 'tools-cancelled':
        return this.#tools?.cancel(event.callIds);
      case 'turn-lost':
        return this.#onTurnLost(event.error);
      case 'usage':
        return this.#meter?.(event.usage);
      case 'problem':
        return this.#parts.logger.warn('the provider reports a problem', { error: event.error });
      case 'closed':
        return void this.#fail(event.error);
      default:
        event satisfies never;
    }
  }

  #onSpeechStarted(itemId: string | undefined): void {
    this.#isHearing = true;
    this.#played?.giveWay();
    this.#awaited.end();
    this.#turns.begin(itemId);
    this.#showFloor();
  }

  #onSpeechStopped(): void {
    this.#isHearing = false;
    this.#awaited.begin();
    const turn = this.#turns.current;
    if (turn) turn.lastSoundMs = this.#lastSound.atMs;
    this.#showFloor();
  }

  #onUserText(event: Extract<RemoteEvent, { type: 'user-text' }>): void {
    const isDropped = this.#turns.onText(event);
    if (!isDropped) return;
    this.#awaited.end();
    this.#showFloor();
  }

  /** The answer with this id; a new one begins with its first event. Undefined: it has ended here, and what still comes of it is late. */
  #answer(answerId: string): RemoteAnswer | undefined {
    const known = this.#answers.get(answerId);
    if (known || this.#over.includes(answerId)) return known;
    const turn = this.#turns.answered();
    const { clock } = this.#parts;
    const timeline = new Timeline();
    const nowMs = clock.nowMs();
    timeline.speechEndedAt(turn.lastSoundMs ?? nowMs);
    timeline.mark('answer-started', nowMs);
    const answer = new RemoteAnswer({
      answerId,
      answerNumber: this.#nextAnswerNumber++,
      turnId: turn.turnId,
      loudspeaker: this.#options.loudspeaker,
      clock,
      timeline,
      keepsSound: this.#played !== undefined,
      onProgress: (each) => this.#showAnswer(each),
      onEnded: (each, end) => this.#onAnswerEnded(each, end),
    });
    this.#answers.set(answerId, answer);
    this.#awaited.end();
    this.#options.onEvent({ type: 'answer-started', answerNumber: answer.answerNumber, turnId: turn.turnId });
    this.#showFloor();
    return answer;
  }

  #onAnswerDone(event: Extract<RemoteEvent, { type: 'answer-done' }>): void {
    const answer = this.#answers.get(event.answerId);
    if (!answer) return;
    if (event.status === 'complete') return answer.complete();
    const error = event.status === 'failed' ? (event.error ?? engineFailed()) : null;
    void this.#interrupt(answer, error);
  }

  #onToolCall(call: Extract<RemoteEvent, { type: 'tool-call' }>): void {
    if (!this.#tools) return;
    this.#awaited.toolAsked(call.callId);
    this.#tools.call(call, this.#turns.current?.text ?? '');
  }

  #onTurnLost(error: SerialisedError): void {
    // What the key is held for goes on: the next line is told that a turn has begun.
    const isHeard = this.#isHearing && !this.#isHeld;
    if (!isHeard && !this.#awaited.isAwaited) return;
    if (isHeard) this.#isHearing = false;
    this.#failTurn(error);
  }

  /** No answer comes: the turn has one that failed. Should one come after all, it is another one. */
  #failTurn(error: SerialisedError): void {
    void this.#answer(`lost ${this.#nextAnswerNumber}`)!.interrupt(error);
  }

  /** Everything that is being said or made stops, and the provider learns what of it was heard. */
  #cutOff(): void {
    for (const answer of this.#answers.values()) void this.#interrupt(answer, null);
    this.#notices.interrupt();
  }

  async #interrupt(answer: RemoteAnswer, error: SerialisedError | null): Promise<void> {
    const isOver = answer.isComplete;
    await answer.interrupt(error);
    if (this.#isClosed) return;
    const heardText = answer.text.slice(0, answer.heardChars);
    this.#connection.cancelAnswer({ answerId: answer.answerId, heardMs: answer.heardMs, heardText, isOver });
  }

  #showAnswer({ answerNumber, text, heardChars }: RemoteAnswer): void {
    this.#options.onEvent({ type: 'answer-text', answerNumber, text, heardChars });
  }

  #onAnswerEnded(answer: RemoteAnswer, { outcome, heardChars, error }: RemoteAnswerEnd): void {
    const { answerId, answerNumber, turnId, text, timeline } = answer;
    this.#answers.delete(answerId);
    this.#over.push(answerId);
    if (this.#over.length > REMEMBERED_ANSWERS) this.#over.shift();
    this.#history.heard(turnId, text.slice(0, heardChars));
    if (outcome === 'interrupted' && heardChars === 0) {
      this.#options.onEvent({ type: 'answer-withdrawn', answerNumber });
    } else {
      this.#options.onEvent({
        type: 'answer-ended',
        answerNumber,
        turnId,
        outcome,
        text,
        heardChars,
        error,
        timing: timeline.timing(),
        answeredBy: 'model',
      });
      const sound = answer.heardSound;
      if (sound) this.#played?.offer({ answerNumber, ...sound });
    }
    this.#showFloor();
  }

  async #fail(error: SerialisedError): Promise<void> {
    if (this.#isClosed) return;
    this.#letGo();
    await Promise.all([...this.#answers.values()].map((answer) => answer.interrupt(error)));
    this.#resampler?.close();
    this.#options.onEvent({ type: 'session-failed', error });
  }

  #letGo(): void {
    this.#isClosed = true;
    this.#awaited.end();
    this.#tools?.close();
    this.#side?.close();
    this.#played?.close();
    this.#notices.close();
  }

  #showFloor(): void {
    const answers = [...this.#answers.values()];
    const isSpeaking = answers.some(({ heardMs }) => heardMs > 0) || this.#notices.isSpeaking;
    const isThinking = answers.length > 0 || this.#awaited.isAwaited;
    const rest: Floor = this.#isMuted ? 'off' : 'listening';
    const floor = this.#isHearing ? 'hearing' : isSpeaking ? 'speaking' : isThinking ? 'thinking' : rest;
    this.#notices.setFloorFree(floor === 'listening' || floor === 'off');
    if (floor === this.#floor || this.#isClosed) return;
    this.#floor = floor;
    this.#options.onEvent({ type: 'floor', floor });
  }
}

function engineFailed(): SerialisedError {
  return new ParleyError({ code: 'engine-failed', stage: 'think', retryable: true }).serialise();
}
