import type { ClientEvent, InitialItem, ServerEvent, SessionStartEvent } from 'openai/resources/live/live';
import type { PastExchange } from '../../ports/responder.ts';
import { connectionError, spokenError } from '../connection/connection-errors.ts';
import { Handshake } from '../connection/handshake.ts';
import type { Dialect, Line, LineListener, LineOptions } from '../connection/line.ts';
import { keyOf, socketUrl, type VendorParts } from '../connection/vendor.ts';
import { VendorSocket } from '../connection/vendor-socket.ts';
import { delegationOf, LiveDelegation } from './live-delegation.ts';
import { LiveTurns } from './live-turns.ts';

const BASE_URL = 'https://api.openai.com/v1';
const MODEL = 'gpt-live-1';
const VOICE = 'marin';
/** 16 or 24 kHz, the same both ways: the voice is worth the resampling of the microphone. */
const RATE_HZ = 24_000;
/** What may be added in mid-session: 500 tokens. */
const MAX_NOTE_CHARS = 1500;
/** 128 messages at the start. */
const MAX_HISTORY = 60;

interface Parts {
  handshake: Handshake;
  listener: LineListener;
  turns: LiveTurns;
  delegation: LiveDelegation;
}

/** GPT-Live's primary WebSocket, with the types of the `openai` package (`resources/live`) and the guides voice-websockets and live-conversations. */
export class LiveDialect implements Dialect {
  readonly label: string;
  readonly inputRateHz = RATE_HZ;
  /** Its time goes on only while audio comes. */
  readonly needsConstantAudio = true;
  readonly #parts: VendorParts;
  #turns: LiveTurns | undefined;

  constructor(parts: VendorParts, label: string) {
    this.#parts = parts;
    this.label = label;
  }

  async open(options: LineOptions): Promise<Line> {
    const { clock, baseUrl = BASE_URL } = this.#parts;
    const { listener, signal } = options;
    const { label } = this;
    const handshake = new Handshake();
    const turns = new LiveTurns({ clock, listener, sampleRateHz: RATE_HZ, after: this.#turns });
    this.#turns = turns;
    const key = await keyOf(this.#parts, label);
    const delegation = new LiveDelegation(listener, (event) => socket.send(event));
    const parts = { handshake, listener, turns, delegation };
    const socket: VendorSocket = await VendorSocket.open({
      url: socketUrl(baseUrl, '/live/sessions'),
      headers: { authorization: `Bearer ${key}` },
      label,
      clock,
      signal,
      onMessage: (message) => this.#onMessage(message as ServerEvent, parts),
      onMalformed: (error) => listener.onEvent({ type: 'problem', error: error.serialise() }),
      onClosed: (error) => {
        turns.close();
        if (handshake.isDone) listener.onLost(error.serialise());
        else handshake.fail(error);
      },
    });
    socket.send(this.#start(options));
    try {
      await handshake.wait({ label, clock, signal });
    } catch (cause) {
      socket.close();
      throw cause;
    }
    return new LiveLine(socket, parts);
  }

  #start({ instructions, history, tools }: LineOptions): SessionStartEvent {
    const { model = MODEL, voice = VOICE } = this.#parts;
    const audio = { format: { type: 'audio/pcm' as const, rate: RATE_HZ as 24_000 }, output: { voice } };
    const delegation = delegationOf(tools, instructions);
    const input = initialItems(history);
    return { type: 'session.start', session: { model, instructions, audio, input, delegation } };
  }

  #onMessage(event: ServerEvent, { handshake, listener, turns, delegation }: Parts): void {
    switch (event.type) {
      case 'session.started':
        return handshake.done();
      case 'session.output_audio.delta':
        listener.onAlive();
        return turns.onAudio(event.delta);
      case 'session.output_transcript.delta':
        listener.onAlive();
        return turns.onAnswerText(event.delta);
      case 'session.input_transcript.delta':
        listener.onAlive();
        return turns.onUserText(event.delta);
      case 'session.delegation.created':
        listener.onAlive();
        if (event.delegation.target === 'client') delegation.onDelegated(event.delegation.id);
        return;
      case 'response.event':
        listener.onAlive();
        return delegation.onResponseEvent(event);
      case 'session.usage.updated':
        return listener.onEvent({ type: 'usage', usage: { audioSecondsSoFar: event.usage.seconds } });
      case 'error':
        return this.#onError(`${event.error.type} ${event.error.code}`, handshake, listener);
      default:
        // Acknowledgements, what belongs to telephones, and `session.closed`, which the close of the socket follows.
        return;
    }
  }

  #onError(words: string, handshake: Handshake, listener: LineListener): void {
    const { label } = this;
    const error = spokenError(words, label) ?? connectionError('engine-failed', { label });
    if (handshake.isDone) listener.onEvent({ type: 'problem', error: error.serialise() });
    else handshake.fail(error);
  }
}

class LiveLine implements Line {
  readonly #socket: VendorSocket;
  readonly #turns: LiveTurns;
  readonly #delegation: LiveDelegation;

  constructor(socket: VendorSocket, { turns, delegation }: Parts) {
    this.#socket = socket;
    this.#turns = turns;
    this.#delegation = delegation;
  }

  sendAudio(pcm16: Buffer): void {
    this.#send({ type: 'session.input_audio.append', audio: pcm16.toString('base64') }, { live: true });
  }

  /** There is no typed turn: the words come as an instruction, and whether they are answered is up to the model. */
  sendText(text: string): void {
    this.#note('session.instructions.append', `The user typed this instead of saying it. Answer it now: ${text}`);
  }

  /** There are no turns to take: the model hears silence where nobody speaks. */
  setTurnTaking(): boolean {
    return true;
  }

  beginTurn(): void {}

  endTurn(): void {}

  cancelAnswer({ answerId, heardText }: Parameters<Line['cancelAnswer']>[0]): void {
    if (!this.#turns.drop(answerId)) return;
    this.#note('session.thinking.append', `The user stopped you. Of your last words they heard only: "${heardText}"`);
  }

  sendToolResult({ callId, output }: Parameters<Line['sendToolResult']>[0]): void {
    this.#delegation.sendResult(callId, output);
  }

  close(): void {
    this.#turns.close();
    this.#send({ type: 'session.close' });
    this.#socket.close();
  }

  #note(type: 'session.instructions.append' | 'session.thinking.append', content: string): void {
    this.#send({ type, delegation_id: null, content: content.slice(0, MAX_NOTE_CHARS) });
  }

  #send(event: ClientEvent, options?: { live: boolean }): void {
    this.#socket.send(event, options);
  }
}

function initialItems(history: readonly PastExchange[]): InitialItem[] {
  return history
    .slice(-MAX_HISTORY)
    .flatMap(({ user, heard }): InitialItem[] => [
      ...(user === '' ? [] : [{ role: 'user' as const, content: [{ type: 'input_text' as const, text: user }] }]),
      ...(heard === ''
        ? []
        : [{ role: 'assistant' as const, content: [{ type: 'output_text' as const, text: heard }] }]),
    ]);
}
