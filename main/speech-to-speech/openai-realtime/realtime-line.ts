import type { RealtimeClientEvent, RealtimeServerEvent } from 'openai/resources/realtime/realtime';
import type { PastExchange } from '../../ports/responder.ts';
import type { Line, LineListener } from '../connection/line.ts';
import type { VendorSocket } from '../connection/vendor-socket.ts';
import type { TurnTaking } from '../remote-voice.ts';
import { RealtimeAnswers } from './realtime-answers.ts';
import { isHarmless, protocolError } from './realtime-errors.ts';
import {
  historyItems,
  turnTakingUpdate,
  userMessage,
  WIRE_RATE_HZ,
  type ProviderDetector,
} from './realtime-session.ts';

export interface RealtimeLineOptions {
  listener: LineListener;
  label: string;
  detector: ProviderDetector;
  turnTaking: TurnTaking;
  onClose(): void;
}

/** The protocol refuses to commit less. */
const LEAST_COMMIT_MS = 100;
const LEAVE_WITHIN_MS = 10_000;

/** One configured session: its events told to the connection, the connection's wishes told to it. One response is active at a time. */
export class RealtimeLine implements Line {
  readonly #options: RealtimeLineOptions;
  readonly #answers: RealtimeAnswers;
  #socket: VendorSocket | null = null;
  /** The user's items: what their recogniser has written so far. */
  readonly #userItems = new Map<string, string>();
  /** Calls whose result the model waits for. */
  readonly #calls = new Set<string>();
  /** The response that the server is making; `asked` from our wish until it has begun. */
  #response: { state: 'none' } | { state: 'asked' } | { state: 'active'; id: string } = { state: 'none' };
  #wantsResponse = false;
  /** The user speaks, or has spoken and is about to be answered. */
  #isUsersTurn = false;
  /** The session's time is nearly over. */
  #isLeaveDue = false;
  #appendedMs = 0;
  #emptyTurns = 0;

  constructor(options: RealtimeLineOptions) {
    this.#options = options;
    this.#answers = new RealtimeAnswers(options.listener, options.label);
  }

  /** Before anything is sent. */
  speakThrough(socket: VendorSocket): void {
    this.#socket = socket;
  }

  sendAudio(pcm16: Buffer): void {
    this.#appendedMs += (pcm16.length * 1000) / 2 / WIRE_RATE_HZ;
    this.#send({ type: 'input_audio_buffer.append', audio: pcm16.toString('base64') }, { live: true });
  }

  sendText(text: string): void {
    this.#send({ type: 'conversation.item.create', item: userMessage(text) });
    this.#wantResponse();
  }

  setTurnTaking(turnTaking: TurnTaking): boolean {
    this.#send(turnTakingUpdate({ turnTaking, detector: this.#options.detector }));
    return true;
  }

  beginTurn(): void {
    this.#appendedMs = 0;
    this.#send({ type: 'input_audio_buffer.clear' });
  }

  endTurn(): void {
    if (this.#appendedMs < LEAST_COMMIT_MS) {
      const itemId = `empty_${++this.#emptyTurns}`;
      return this.#options.listener.onEvent({ type: 'user-text', itemId, text: '', final: true });
    }
    this.#send({ type: 'input_audio_buffer.commit' });
    this.#wantResponse();
  }

  cancelAnswer({ answerId, heardMs }: Parameters<Line['cancelAnswer']>[0]): void {
    if (this.#response.state === 'active' && this.#response.id === answerId) {
      this.#send({ type: 'response.cancel', response_id: answerId });
    }
    for (const forgetting of this.#answers.forget(answerId, heardMs)) {
      const { itemId: item_id } = forgetting;
      if (forgetting.type === 'delete') this.#send({ type: 'conversation.item.delete', item_id });
      else {
        const { audioEndMs: audio_end_ms } = forgetting;
        this.#send({ type: 'conversation.item.truncate', item_id, content_index: 0, audio_end_ms });
      }
    }
  }

  tell(exchanges: readonly PastExchange[]): void {
    for (const item of historyItems(exchanges)) this.#send({ type: 'conversation.item.create', item });
  }

  sendToolResult({ callId, output }: Parameters<Line['sendToolResult']>[0]): void {
    if (!this.#calls.delete(callId)) return;
    const item = { type: 'function_call_output', call_id: callId, output } as const;
    this.#send({ type: 'conversation.item.create', item });
    this.#wantResponse();
  }

  /** To be left as soon as nobody is in the midst of something. */
  leaveSoon(): void {
    this.#isLeaveDue = true;
    this.#leaveIfIdle();
  }

  close(): void {
    this.#options.onClose();
    this.#socket?.close();
  }

  onMessage(event: RealtimeServerEvent): void {
    const { listener } = this.#options;
    listener.onAlive();
    switch (event.type) {
      case 'input_audio_buffer.speech_started':
        this.#userItems.set(event.item_id, '');
        this.#isUsersTurn = true;
        return listener.onEvent({ type: 'speech-started', itemId: event.item_id });
      case 'input_audio_buffer.speech_stopped':
        return listener.onEvent({ type: 'speech-stopped' });
      case 'conversation.item.input_audio_transcription.delta':
        return this.#userSays(event.item_id, (this.#userItems.get(event.item_id) ?? '') + (event.delta ?? ''), false);
      case 'conversation.item.input_audio_transcription.completed':
        return this.#userSays(event.item_id, event.transcript.trim(), true);
      case 'conversation.item.input_audio_transcription.failed':
        return this.#problem(event.error);
      case 'conversation.item.deleted':
        return this.#userItemGone(event.item_id);
      case 'response.created':
        this.#isUsersTurn = false;
        this.#response = { state: 'active', id: event.response.id ?? '' };
        return;
      case 'response.output_audio.delta':
        return this.#answers.audio(event.response_id, event.item_id, event.delta);
      case 'response.output_audio_transcript.delta':
      case 'response.output_text.delta':
        return this.#answers.text(event.response_id, event.item_id, event.delta);
      case 'response.output_item.done':
        return this.#onItemDone(event.item);
      case 'response.done':
        this.#response = { state: 'none' };
        this.#answers.done(event.response);
        this.#askIfWanted();
        return this.#leaveIfIdle();
      case 'rate_limits.updated':
        if (event.rate_limits.some(({ remaining }) => remaining === 0)) this.#problem({ code: 'rate_limit_exceeded' });
        return;
      case 'error':
        return this.#onError(event.error);
      default:
      // The protocol grows, and much of it tells what other events tell, too.
    }
  }

  #onItemDone(item: Extract<RealtimeServerEvent, { type: 'response.output_item.done' }>['item']): void {
    if (item.type !== 'function_call' || item.status === 'incomplete') return;
    const callId = item.call_id ?? item.id ?? '';
    this.#calls.add(callId);
    this.#options.listener.onEvent({ type: 'tool-call', callId, name: item.name, arguments: item.arguments });
  }

  #onError(error: { code?: string | null; type: string }): void {
    if (this.#response.state === 'asked') this.#response = { state: 'none' };
    if (error.code === 'session_expired') {
      // The close that follows is expected: another line is opened with what was said.
      return this.#options.listener.onLeaveSoon(0);
    }
    if (!isHarmless(error.code)) this.#problem(error);
  }

  #problem(error: { code?: string | null; type?: string | null }): void {
    const { listener, label } = this.#options;
    listener.onEvent({ type: 'problem', error: protocolError(error, label).serialise() });
  }

  #userSays(itemId: string, text: string, final: boolean): void {
    this.#userItems.set(itemId, text);
    this.#options.listener.onEvent({ type: 'user-text', itemId, text, final });
  }

  /** What was taken for speech is none, or goes on in another item. */
  #userItemGone(itemId: string): void {
    if (this.#userItems.delete(itemId)) {
      this.#isUsersTurn = false;
      this.#options.listener.onEvent({ type: 'user-text', itemId, text: '', final: true });
    }
  }

  #wantResponse(): void {
    this.#wantsResponse = true;
    this.#askIfWanted();
  }

  /** A second response is an error, and one before all results are there answers without them. */
  #askIfWanted(): void {
    if (!this.#wantsResponse || this.#response.state !== 'none' || this.#calls.size > 0) return;
    this.#wantsResponse = false;
    this.#response = { state: 'asked' };
    this.#send({ type: 'response.create' });
  }

  #leaveIfIdle(): void {
    const isIdle = this.#response.state === 'none' && this.#calls.size === 0 && !this.#isUsersTurn;
    if (!this.#isLeaveDue || !isIdle) return;
    this.#isLeaveDue = false;
    this.#options.listener.onLeaveSoon(LEAVE_WITHIN_MS);
  }

  #send(event: RealtimeClientEvent, options?: { live: boolean }): void {
    this.#socket?.send(event, options);
  }
}
