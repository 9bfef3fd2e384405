import type { Dialect, Line, LineListener, LineOptions } from '../connection/line.ts';
import { keyOf, type VendorParts } from '../connection/vendor.ts';
import { VendorSocket } from '../connection/vendor-socket.ts';
import type { TurnTaking } from '../remote-voice.ts';
import { createUltravoxCall, INPUT_RATE_HZ } from './ultravox-call.ts';
import type { UltravoxMessage } from './ultravox-messages.ts';
import { UltravoxTurns } from './ultravox-turns.ts';

const BASE_URL = 'https://api.ultravox.ai';

/** A call over REST, then its WebSocket: sound as binary frames, the rest as JSON (docs.ultravox.ai/apps/websockets, /apps/datamessages). */
export class UltravoxDialect implements Dialect {
  readonly label: string;
  readonly inputRateHz = INPUT_RATE_HZ;
  /** Its detector is the only one who ends turns: without sound it waits for the rest of one for ever. */
  readonly needsConstantAudio = true;
  readonly #parts: VendorParts;
  #turns: UltravoxTurns | undefined;

  constructor(parts: VendorParts, label: string) {
    this.#parts = parts;
    this.label = label;
  }

  async open({ instructions, history, tools, turnTaking, listener, signal }: LineOptions): Promise<Line> {
    const { clock, baseUrl = BASE_URL, model, voice } = this.#parts;
    const { label } = this;
    const turns = new UltravoxTurns({ listener, turnTaking, after: this.#turns });
    this.#turns = turns;
    const key = await keyOf(this.#parts, label);
    const call = { instructions, history, tools, signal, baseUrl, key, label, model, voice, clock };
    const socket = await VendorSocket.open({
      url: await createUltravoxCall(call),
      headers: {},
      label,
      clock,
      signal,
      onMessage: (message) => onMessage(message as UltravoxMessage, { listener, turns }),
      onBinary: (bytes) => {
        listener.onAlive();
        turns.onAudio(bytes);
      },
      onMalformed: (error) => listener.onEvent({ type: 'problem', error: error.serialise() }),
      onClosed: (error) => listener.onLost(error.serialise()),
    });
    return new UltravoxLine(socket, turns);
  }
}

function onMessage(
  message: UltravoxMessage,
  { listener, turns }: { listener: LineListener; turns: UltravoxTurns },
): void {
  switch (message.type) {
    case 'call_started':
    case 'pong':
    case 'debug':
      // They say nothing of the conversation: a server that sends only these is silent.
      return;
    case 'state':
      // It also says that it listens, again and again, when it does not hear.
      if (message.state !== 'listening' && message.state !== 'idle') listener.onAlive();
      if (message.state) turns.onState(message.state);
      return;
    case 'transcript':
      listener.onAlive();
      return turns.onTranscript(message);
    case 'client_tool_invocation': {
      listener.onAlive();
      const { invocationId, toolName, parameters = {} } = message;
      turns.onAsked();
      return listener.onEvent({
        type: 'tool-call',
        callId: invocationId,
        name: toolName,
        arguments: JSON.stringify(parameters),
      });
    }
    case 'playback_clear_buffer':
      listener.onAlive();
      return turns.onClearBuffer();
    default:
      // Kinds that there are not yet.
      message satisfies never;
  }
}

class UltravoxLine implements Line {
  readonly #socket: VendorSocket;
  readonly #turns: UltravoxTurns;

  constructor(socket: VendorSocket, turns: UltravoxTurns) {
    this.#socket = socket;
    this.#turns = turns;
  }

  sendAudio(pcm16: Buffer): void {
    this.#socket.send(pcm16, { live: true });
  }

  sendText(text: string): void {
    this.#turns.onAsked();
    // `immediate` is the only one that may stop what it is saying.
    this.#socket.send({ type: 'user_text_message', text, urgency: 'immediate' });
  }

  setTurnTaking(turnTaking: TurnTaking): boolean {
    this.#turns.setTurnTaking(turnTaking);
    return true;
  }

  /** There are no marks for turns: between them the server hears silence, and its detector does the rest. */
  beginTurn(): void {}

  endTurn(): void {}

  /** It cannot be told to stop; it is told what was heard, without being asked to answer. */
  cancelAnswer({ answerId, heardText }: Parameters<Line['cancelAnswer']>[0]): void {
    if (!this.#turns.drop(answerId)) return;
    const text = `<instruction>The user stopped you. Of your last words they heard only: "${heardText}"</instruction>`;
    this.#socket.send({ type: 'user_text_message', text, urgency: 'later' });
  }

  sendToolResult({ callId, output, failed }: Parameters<Line['sendToolResult']>[0]): void {
    this.#turns.onAsked();
    this.#socket.send({
      type: 'client_tool_result',
      invocationId: callId,
      ...(failed ? { errorType: 'implementation-error', errorMessage: output } : { result: output }),
    });
  }

  close(): void {
    this.#socket.close();
  }
}
