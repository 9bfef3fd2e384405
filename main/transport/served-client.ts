import { randomUUID } from 'node:crypto';
import { AudioFrameKind, decodeAudioFrame } from '../contract/audio-frame.ts';
import { ParleyError } from '../contract/errors.ts';
import { clientMessageSchema, CONTRACT_VERSION, type AppMessage, type ClientMessage } from '../contract/messages.ts';
import type { Logger } from '../ports/logger.ts';
import type { AppCommand, AppEndpoint, AppSession, ClientConnection } from './app-endpoint.ts';

/** What a transport gives for one client: two ways of sending, which never throw. */
export interface ClientWire {
  readonly carriesAudio: boolean;
  sendMessage(message: AppMessage): void;
  sendAudio(frame: ArrayBuffer): void;
}

export interface ServedClientOptions {
  endpoint: AppEndpoint;
  wire: ClientWire;
  logger: Logger;
}

/** Replies to messages from which no id could be read. Clients count from 0. */
export const UNKNOWN_MESSAGE_ID = -1;
/** A window waits for replies before it asks for more; a hundred open commands are a fault in the client. */
const MAX_OPEN_COMMANDS = 100;

/**
 * The app's end of the protocol with one client, the same for every transport: validation, handshake, one reply for each command, audio
 * frames. Bad messages are answered with an error and bad frames counted; the connection stays.
 */
export class ServedClient {
  readonly #endpoint: AppEndpoint;
  readonly #wire: ClientWire;
  readonly #logger: Logger;
  #session: { app: AppSession; leave: () => void } | undefined;
  #openCommands = 0;
  #badFrames = 0;
  #closed = false;

  constructor(options: ServedClientOptions) {
    this.#endpoint = options.endpoint;
    this.#wire = options.wire;
    this.#logger = options.logger;
  }

  /** Audio frames that were dropped: not decodable, not from a microphone, or before the handshake. */
  get badFrames(): number {
    return this.#badFrames;
  }

  /** A message as it came, already parsed. `undefined` stands for one that was not JSON. */
  receive(raw: unknown): void {
    if (this.#closed) return;
    const parsed = clientMessageSchema.safeParse(raw);
    if (!parsed.success) {
      // Where it is wrong, never what it holds: a wrong `say` still contains what was said.
      const detail = parsed.error.issues[0]?.path.join('.') || undefined;
      this.#reply(idOf(raw), new ParleyError({ code: 'bad-command', stage: 'transport', detail }));
      return;
    }
    const { id, command } = parsed.data;
    if (command.type === 'hello') this.#hello(id, command.contractVersion);
    else void this.#carryOut(id, command);
  }

  receiveAudio(bytes: Uint8Array): void {
    if (this.#closed) return;
    const frame = decodeAudioFrame(bytes);
    if (this.#session && frame?.kind === AudioFrameKind.microphone) {
      this.#session.app.audioFrame(frame);
      return;
    }
    this.#badFrames++;
    if (this.#badFrames === 1) this.#logger.warn('audio frame dropped', { sizeBytes: bytes.byteLength });
  }

  /** The client is gone, by whoever's wish. Idempotent. */
  closed(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#leaveSession();
    if (this.#badFrames > 1) this.#logger.warn('audio frames dropped', { count: this.#badFrames });
  }

  #hello(id: number, contractVersion: number): void {
    if (contractVersion !== CONTRACT_VERSION) {
      const message = `client speaks contract ${contractVersion}, app ${CONTRACT_VERSION}`;
      this.#reply(id, new ParleyError({ code: 'contract-mismatch', stage: 'transport', message }));
      return;
    }
    this.#leaveSession();
    const { connection, release, leave } = this.#openConnection();
    try {
      this.#session = { app: this.#endpoint.connect(connection), leave };
    } catch (cause) {
      leave();
      this.#reply(id, ParleyError.from(cause, 'app'));
      return;
    }
    this.#reply(id, null);
    release();
  }

  /** What the app sends from within `connect` is held back until the client has its reply. */
  #openConnection(): { connection: ClientConnection; release: () => void; leave: () => void } {
    let held: (() => void)[] | undefined = [];
    let open = true;
    const wire = this.#wire;
    const send = (deliver: () => void): void => {
      if (!open || this.#closed) return;
      if (held) held.push(deliver);
      else deliver();
    };
    const connection: ClientConnection = {
      id: randomUUID(),
      carriesAudio: wire.carriesAudio,
      send: (event) => send(() => wire.sendMessage({ type: 'event', event })),
      sendAudio: (frame) => {
        if (wire.carriesAudio) send(() => wire.sendAudio(frame));
      },
    };
    const release = (): void => {
      const deliveries = held ?? [];
      held = undefined;
      for (const deliver of deliveries) deliver();
    };
    return { connection, release, leave: () => (open = false) };
  }

  async #carryOut(id: number, command: AppCommand): Promise<void> {
    if (!this.#session) {
      this.#reply(id, new ParleyError({ code: 'contract-mismatch', stage: 'transport', message: 'hello comes first' }));
      return;
    }
    if (this.#openCommands >= MAX_OPEN_COMMANDS) {
      const message = 'too many commands at once';
      this.#reply(id, new ParleyError({ code: 'bad-command', stage: 'transport', message, retryable: true }));
      return;
    }
    this.#openCommands++;
    try {
      await this.#session.app.handle(command);
      this.#reply(id, null);
    } catch (cause) {
      if (!(cause instanceof ParleyError))
        this.#logger.error('command failed', { command: command.type, error: cause });
      this.#reply(id, ParleyError.from(cause, 'app'));
    } finally {
      this.#openCommands--;
    }
  }

  #reply(id: number, error: ParleyError | null): void {
    if (!this.#closed) this.#wire.sendMessage({ type: 'reply', id, error: error && error.serialise() });
  }

  #leaveSession(): void {
    const session = this.#session;
    this.#session = undefined;
    session?.leave();
    session?.app.closed();
  }
}

function idOf(raw: unknown): number {
  const id = typeof raw === 'object' && raw !== null ? (raw as Partial<ClientMessage>).id : undefined;
  return Number.isSafeInteger(id) ? (id as number) : UNKNOWN_MESSAGE_ID;
}
