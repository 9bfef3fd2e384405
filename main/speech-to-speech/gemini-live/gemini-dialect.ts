import type { LiveServerMessage } from '@google/genai';
import { ParleyError } from '../../contract/errors.ts';
import { spokenError } from '../connection/connection-errors.ts';
import { Handshake } from '../connection/handshake.ts';
import type { Dialect, Line, LineListener, LineOptions } from '../connection/line.ts';
import { keyOf, socketUrl, type VendorParts } from '../connection/vendor.ts';
import { VendorSocket } from '../connection/vendor-socket.ts';
import type { PastExchange } from '../../ports/responder.ts';
import type { TurnTaking } from '../remote-voice.ts';
import { geminiHistory, geminiSetup, historyNote } from './gemini-setup.ts';
import { GeminiTurns } from './gemini-turns.ts';
import { geminiUsage } from './gemini-usage.ts';

const BASE_URL = 'https://generativelanguage.googleapis.com';
const PATH = '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent';
/** The default for voice agents since September 2026 (ai.google.dev/gemini-api/docs/models/gemini-3.8-live). */
const MODEL = 'gemini-3.8-live';
/** Of what was answered elsewhere between two turns. */
const MAX_UNTOLD = 20;
const DEFAULT_TIME_LEFT_MS = 10_000;

/**
 * The Live API (`googleapis/js-genai`, `src/types.ts`), spoken over our own socket with the SDK's types: the SDK parses each message in a promise
 * that nobody awaits, so that one malformed message ends the process, and it puts the key into the address. The key goes where Google's Python
 * SDK puts it, in `x-goog-api-key`.
 */
export class GeminiDialect implements Dialect {
  readonly label: string;
  readonly inputRateHz = 16_000;
  readonly needsConstantAudio = false;
  readonly #parts: VendorParts;
  /** To go on with this session on another line; undefined while it cannot be gone on with. */
  #handle: string | undefined;
  #turns: GeminiTurns | undefined;

  constructor(parts: VendorParts, label: string) {
    this.#parts = parts;
    this.label = label;
  }

  async open(options: LineOptions): Promise<Line> {
    const handle = this.#handle;
    try {
      return await this.#open(options, handle);
    } catch (cause) {
      // A handle that is too old is refused: the history is replayed instead.
      const error = ParleyError.from(cause, 'think', 'engine-failed');
      const isHandlesFault = handle !== undefined && ['endpoint-refused', 'engine-failed'].includes(error.code);
      if (!isHandlesFault || options.signal.aborted) throw error;
      this.#handle = undefined;
      return this.#open(options, undefined);
    }
  }

  async #open(options: LineOptions, handle: string | undefined): Promise<Line> {
    const { clock, baseUrl = BASE_URL, model = MODEL, voice } = this.#parts;
    const { listener, signal, history, turnTaking, instructions, tools } = options;
    const { label } = this;
    const handshake = new Handshake();
    // Answers go on being numbered; what the last line was in the midst of is gone.
    this.#turns = new GeminiTurns({ clock, listener, turnTaking, after: this.#turns });
    const turns = this.#turns;
    const key = await keyOf(this.#parts, label);
    const socket = await VendorSocket.open({
      url: socketUrl(baseUrl, PATH),
      headers: { 'x-goog-api-key': key },
      label,
      clock,
      signal,
      onMessage: (message) => this.#onMessage(message as LiveServerMessage, { handshake, listener, turns }),
      onMalformed: (error) => listener.onEvent({ type: 'problem', error: error.serialise() }),
      onClosed: (error) => (handshake.isDone ? listener.onLost(error.serialise()) : handshake.fail(error)),
    });
    const seedsHistory = handle === undefined && history.length > 0;
    socket.send({ setup: geminiSetup({ model, voice, instructions, tools, turnTaking, handle, seedsHistory }) });
    try {
      await handshake.wait({ label, clock, signal });
    } catch (cause) {
      socket.close();
      throw cause;
    }
    if (seedsHistory) socket.send(geminiHistory(history, model));
    return new GeminiLine(socket, turns, turnTaking);
  }

  #onMessage(
    message: LiveServerMessage,
    { handshake, listener, turns }: { handshake: Handshake; listener: LineListener; turns: GeminiTurns },
  ): void {
    const { setupComplete, serverContent, toolCall, toolCallCancellation, goAway, sessionResumptionUpdate } = message;
    if (setupComplete) handshake.done();
    // An error before the session is there comes as a message from some gateways.
    const { error } = message as { error?: { status?: string; code?: number } };
    if (error) this.#onError(error, handshake, listener);
    if (sessionResumptionUpdate) {
      const { resumable, newHandle } = sessionResumptionUpdate;
      this.#handle = resumable && newHandle ? newHandle : undefined;
    }
    if (serverContent || toolCall || toolCallCancellation) listener.onAlive();
    if (serverContent) turns.onContent(serverContent);
    for (const { id, name, args } of toolCall?.functionCalls ?? []) {
      if (name) turns.onToolCall({ callId: id ?? name, name, arguments: JSON.stringify(args ?? {}) });
    }
    if (toolCallCancellation) listener.onEvent({ type: 'tools-cancelled', callIds: toolCallCancellation.ids ?? [] });
    if (message.usageMetadata) listener.onEvent({ type: 'usage', usage: geminiUsage(message.usageMetadata) });
    if (goAway) listener.onLeaveSoon(secondsMs(goAway.timeLeft) ?? DEFAULT_TIME_LEFT_MS);
  }

  #onError(error: { status?: string; code?: number }, handshake: Handshake, listener: LineListener): void {
    const { label } = this;
    const known = spokenError(`${error.status ?? ''} ${error.code === 429 ? 'rate limit' : ''}`, label);
    const said = known ?? new ParleyError({ code: 'engine-failed', stage: 'think', retryable: true, detail: label });
    if (!handshake.isDone) return handshake.fail(said);
    listener.onEvent({ type: 'problem', error: said.serialise() });
  }
}

class GeminiLine implements Line {
  readonly #socket: VendorSocket;
  readonly #turns: GeminiTurns;
  readonly #turnTaking: TurnTaking;
  #untold: PastExchange[] = [];

  constructor(socket: VendorSocket, turns: GeminiTurns, turnTaking: TurnTaking) {
    this.#socket = socket;
    this.#turns = turns;
    this.#turnTaking = turnTaking;
  }

  sendAudio(pcm16: Buffer): void {
    const audio = { data: pcm16.toString('base64'), mimeType: 'audio/pcm;rate=16000' };
    this.#socket.send({ realtimeInput: { audio } }, { live: true });
  }

  sendText(text: string): void {
    // Without Google's detector nothing counts as a turn that is not marked as one.
    if (this.#turnTaking === 'local') this.beginTurn();
    this.#socket.send({ realtimeInput: { text } });
    if (this.#turnTaking === 'local') this.endTurn();
  }

  /** The detector is part of the setup. */
  setTurnTaking(turnTaking: TurnTaking): boolean {
    return turnTaking === this.#turnTaking;
  }

  beginTurn(): void {
    this.#socket.send({ realtimeInput: { activityStart: {} } });
    if (this.#untold.length === 0) return;
    this.#socket.send({ realtimeInput: { text: historyNote(this.#untold) } });
    this.#untold = [];
  }

  /** Content that is not to be answered is refused in mid-session (livekit/agents 5251): it goes with the next turn, as a note. */
  tell(exchanges: readonly PastExchange[]): void {
    this.#untold = [...this.#untold, ...exchanges].slice(-MAX_UNTOLD);
  }

  endTurn(): void {
    this.#socket.send({ realtimeInput: { activityEnd: {} } });
  }

  /** There is nothing to send: the rest is let go by, and the connection's ledger knows what was heard. */
  cancelAnswer({ answerId }: { answerId: string }): void {
    this.#turns.drop(answerId);
  }

  sendToolResult({ callId, name, output, failed }: Parameters<Line['sendToolResult']>[0]): void {
    const response = failed ? { error: output } : { output };
    this.#socket.send({ toolResponse: { functionResponses: [{ id: callId, name, response }] } });
  }

  close(): void {
    this.#socket.close();
  }
}

/** `9.5s` → 9500. */
function secondsMs(duration: string | undefined): number | null {
  const seconds = Number.parseFloat(duration ?? '');
  return Number.isFinite(seconds) ? seconds * 1000 : null;
}
