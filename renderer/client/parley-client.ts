import { ParleyError } from '../../main/contract/errors.ts';
import { appMessageSchema, CONTRACT_VERSION, type AppEvent, type Command } from '../../main/contract/messages.ts';
import type { CloseReason, OpenTransport, Timers, Transport } from './transport.ts';

/**
 * `connecting`: the first attempt; `connected`: a snapshot has arrived and the window shows the app's state;
 * `reconnecting`: it was connected or could not be reached, and another attempt will follow;
 * `mismatch` and `refused` are final: trying again cannot help.
 */
export type Connection = 'connecting' | 'connected' | 'reconnecting' | 'mismatch' | 'refused' | 'closed';

const FIRST_RETRY_MS = 250;
/** A person who restarts the app should not look at a dead window for long. */
const MAX_RETRY_MS = 4000;
/** Commands are acknowledged when taken, not when done; a device change is the slowest (first data after up to 2 s). */
const REPLY_TIMEOUT_MS = 10_000;

export interface ParleyClientOptions {
  openTransport: OpenTransport;
  timers: Timers;
}

interface Waiting {
  resolve(): void;
  reject(error: ParleyError): void;
  cancelTimer(): void;
}

/** The window's side of the contract: commands with replies, events, sound frames, and a connection that heals itself. */
export class ParleyClient {
  readonly #openTransport: OpenTransport;
  readonly #timers: Timers;
  readonly #waiting = new Map<number, Waiting>();
  readonly #eventListeners = new Set<(event: AppEvent) => void>();
  readonly #audioListeners = new Set<(frame: ArrayBuffer) => void>();
  readonly #connectionListeners = new Set<(connection: Connection) => void>();
  #transport: Transport | undefined;
  #connection: Connection = 'connecting';
  #cancelRetry: () => void = () => {};
  #failedAttempts = 0;
  #nextId = 0;
  #invalidMessages = 0;

  constructor(options: ParleyClientOptions) {
    this.#openTransport = options.openTransport;
    this.#timers = options.timers;
  }

  get connection(): Connection {
    return this.#connection;
  }

  /** True when this host lets the browser be microphone and loudspeaker. */
  get carriesAudio(): boolean {
    return this.#transport?.carriesAudio ?? false;
  }

  /** Messages that did not fit the contract and were dropped. */
  get invalidMessages(): number {
    return this.#invalidMessages;
  }

  /** Connects, and reconnects until `close`. */
  start(): void {
    if (this.#transport !== undefined || this.#connection === 'closed') return;
    const transport = this.#openTransport();
    this.#transport = transport;
    transport.onOpen(() => this.#hello());
    transport.onMessage((message) => this.#received(message));
    transport.onAudio((frame) => this.#audioListeners.forEach((listener) => listener(frame)));
    transport.onClose((reason) => this.#lost(reason));
  }

  /** Tries again now: the reader pressed "Try again", or the computer came back online. */
  retryNow(): void {
    this.#cancelRetry();
    this.start();
  }

  close(): void {
    this.#dropTransport();
    this.#setConnection('closed');
  }

  /**
   * Sends a command; resolves when the app has taken it.
   * Rejects with the app's own ParleyError, or `call-timeout`, or `cancelled` when the connection is or gets lost.
   */
  command(command: Command): Promise<void> {
    const transport = this.#transport;
    const isHello = command.type === 'hello';
    if (transport === undefined || (this.#connection !== 'connected' && !isHello)) {
      return Promise.reject(transportError('cancelled', 'not connected'));
    }
    const id = this.#nextId++;
    return new Promise<void>((resolve, reject) => {
      const cancelTimer = this.#timers.after(REPLY_TIMEOUT_MS, () => {
        this.#waiting.delete(id);
        reject(transportError('call-timeout', command.type));
      });
      this.#waiting.set(id, { resolve, reject, cancelTimer });
      transport.send({ id, command });
    });
  }

  /** Sends a command whose reply does not matter: what the loudspeaker has played, a key let go. */
  notify(command: Command): void {
    this.command(command).catch(() => {});
  }

  /** False when the frame was dropped. */
  sendAudio(frame: ArrayBuffer): boolean {
    return this.#connection === 'connected' && this.#transport !== undefined && this.#transport.sendAudio(frame);
  }

  onEvent(listener: (event: AppEvent) => void): () => void {
    return subscribe(this.#eventListeners, listener);
  }

  onAudio(listener: (frame: ArrayBuffer) => void): () => void {
    return subscribe(this.#audioListeners, listener);
  }

  onConnection(listener: (connection: Connection) => void): () => void {
    return subscribe(this.#connectionListeners, listener);
  }

  #hello(): void {
    const transport = this.#transport;
    this.command({ type: 'hello', contractVersion: CONTRACT_VERSION }).catch((cause) => {
      if (this.#transport !== transport) return;
      const error = ParleyError.from(cause, 'transport');
      if (error.code === 'contract-mismatch') this.#giveUp('mismatch');
      else if (error.code === 'not-authorised') this.#giveUp('refused');
      else this.#lost('lost');
    });
  }

  #received(raw: unknown): void {
    const parsed = appMessageSchema.safeParse(raw);
    if (!parsed.success) {
      this.#invalidMessages++;
      return;
    }
    const message = parsed.data;
    if (message.type === 'event') {
      if (message.event.type === 'snapshot') {
        this.#failedAttempts = 0;
        // Before the event, so that a listener can already send commands.
        this.#connection = 'connected';
        this.#eventListeners.forEach((listener) => listener(message.event));
        this.#tellConnection();
      } else {
        this.#eventListeners.forEach((listener) => listener(message.event));
      }
      return;
    }
    const waiting = this.#waiting.get(message.id);
    if (waiting === undefined) return;
    this.#waiting.delete(message.id);
    waiting.cancelTimer();
    if (message.error === null) waiting.resolve();
    else waiting.reject(ParleyError.deserialise(message.error));
  }

  #lost(reason: CloseReason): void {
    if (reason === 'refused') return this.#giveUp('refused');
    this.#dropTransport();
    const delayMs = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failedAttempts++);
    this.#cancelRetry = this.#timers.after(delayMs, () => this.start());
    this.#setConnection('reconnecting');
  }

  #giveUp(connection: 'mismatch' | 'refused'): void {
    this.#dropTransport();
    this.#setConnection(connection);
  }

  #dropTransport(): void {
    this.#cancelRetry();
    const transport = this.#transport;
    this.#transport = undefined;
    transport?.close();
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const each of waiting) {
      each.cancelTimer();
      each.reject(transportError('cancelled', 'connection lost'));
    }
  }

  #setConnection(connection: Connection): void {
    if (this.#connection === connection || this.#connection === 'closed') return;
    this.#connection = connection;
    this.#tellConnection();
  }

  #tellConnection(): void {
    this.#connectionListeners.forEach((listener) => listener(this.#connection));
  }
}

function transportError(code: 'cancelled' | 'call-timeout', message: string): ParleyError {
  return new ParleyError({ code, stage: 'transport', message, retryable: true });
}

function subscribe<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
