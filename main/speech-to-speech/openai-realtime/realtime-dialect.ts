import type { RealtimeServerEvent } from 'openai/resources/realtime/realtime';
import { Handshake } from '../connection/handshake.ts';
import type { Dialect, Line, LineOptions } from '../connection/line.ts';
import { keyOf, socketUrl, type VendorParts } from '../connection/vendor.ts';
import { VendorSocket } from '../connection/vendor-socket.ts';
import { protocolError } from './realtime-errors.ts';
import { RealtimeLine } from './realtime-line.ts';
import { historyItems, sessionUpdate, WIRE_RATE_HZ, type ProviderDetector } from './realtime-session.ts';

export interface RealtimeParts extends VendorParts {
  /** Default `semantic_vad`: it waits where the words say that more is to come. */
  detector?: ProviderDetector;
}

const BASE_URL = 'https://api.openai.com/v1';
/** The cheapest current model of the family (developers.openai.com/api/docs/models, November 2026). */
const MODEL = 'gpt-realtime-2.1-mini';
/** A session ends after 60 min (developers.openai.com/api/docs/guides/realtime); it is left two minutes before. */
const SESSION_LIMIT_MS = 60 * 60_000;
const LEAVE_BEFORE_MS = 2 * 60_000;

/**
 * The Realtime protocol as OpenAI speaks it since its general availability, to whoever speaks it (`openai` 7.57, `resources/realtime/realtime.ts`).
 * The package gives the types; its socket takes only `wss:` addresses, which a server on this machine has not, does not tell the status that a
 * connection was refused with, and has no bound for what waits to be sent. That it understands what our own server says is a test.
 */
export class RealtimeDialect implements Dialect {
  readonly label: string;
  readonly inputRateHz = WIRE_RATE_HZ;
  readonly needsConstantAudio = false;
  readonly #parts: RealtimeParts;

  constructor(parts: RealtimeParts, label: string) {
    this.#parts = parts;
    this.label = label;
  }

  async open({ listener, signal, history, instructions, tools, turnTaking }: LineOptions): Promise<Line> {
    const { clock, baseUrl = BASE_URL, model = MODEL, voice, detector = 'semantic_vad' } = this.#parts;
    const { label } = this;
    const handshake = new Handshake();
    let stopTimer = (): void => {};
    const line = new RealtimeLine({ listener, label, detector, turnTaking, onClose: () => stopTimer() });
    const key = await keyOf(this.#parts, label);
    const socket = await VendorSocket.open({
      url: socketUrl(baseUrl, `/realtime?model=${encodeURIComponent(model)}`),
      headers: { authorization: `Bearer ${key}` },
      label,
      clock,
      signal,
      onMessage: (message) => {
        const event = message as RealtimeServerEvent;
        if (handshake.isDone) line.onMessage(event);
        else if (event.type === 'session.updated') handshake.done();
        else if (event.type === 'error') handshake.fail(protocolError(event.error, label));
      },
      onMalformed: (error) => listener.onEvent({ type: 'problem', error: error.serialise() }),
      onClosed: (error) => {
        stopTimer();
        if (handshake.isDone) listener.onLost(error.serialise());
        else handshake.fail(error);
      },
    });
    socket.send(sessionUpdate({ instructions, tools, turnTaking, detector, voice }));
    try {
      await handshake.wait({ label, clock, signal });
    } catch (cause) {
      socket.close();
      throw cause;
    }
    for (const item of historyItems(history)) socket.send({ type: 'conversation.item.create', item });
    line.speakThrough(socket);
    stopTimer = clock.schedule(SESSION_LIMIT_MS - LEAVE_BEFORE_MS, () => line.leaveSoon());
    return line;
  }
}
