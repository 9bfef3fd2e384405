import { CONTRACT_VERSION, type AppEvent, type ClientMessage, type Command } from '../../../main/contract/messages.ts';
import type { SerialisedError } from '../../../main/contract/errors.ts';
import type { AppState, TranscriptLine } from '../../../main/contract/state.ts';
import { ParleyClient } from '../../../renderer/client/parley-client.ts';
import type { CloseReason, Timers, Transport } from '../../../renderer/client/transport.ts';

/** The app's end of a window's connection, in the hands of a test. */
export class FakeTransport implements Transport {
  readonly carriesAudio = true;
  readonly sent: ClientMessage[] = [];
  readonly frames: ArrayBuffer[] = [];
  closedByClient = false;
  congested = false;
  #open: () => void = () => {};
  #message: (message: unknown) => void = () => {};
  #audio: (frame: ArrayBuffer) => void = () => {};
  #close: (reason: CloseReason) => void = () => {};

  send(message: ClientMessage): void {
    this.sent.push(message);
  }
  sendAudio(frame: ArrayBuffer): boolean {
    if (!this.congested) this.frames.push(frame);
    return !this.congested;
  }
  onOpen(listener: () => void): void {
    this.#open = listener;
  }
  onMessage(listener: (message: unknown) => void): void {
    this.#message = listener;
  }
  onAudio(listener: (frame: ArrayBuffer) => void): void {
    this.#audio = listener;
  }
  onClose(listener: (reason: CloseReason) => void): void {
    this.#close = listener;
  }
  close(): void {
    this.closedByClient = true;
  }

  open(): void {
    this.#open();
  }
  deliver(message: unknown): void {
    this.#message(message);
  }
  deliverAudio(frame: ArrayBuffer): void {
    this.#audio(frame);
  }
  event(event: AppEvent): void {
    this.deliver({ type: 'event', event });
  }
  /** Answers the latest command of this type. */
  reply(type: Command['type'], error: SerialisedError | null = null): void {
    const message = this.sent.findLast(({ command }) => command.type === type);
    if (message === undefined) throw new Error(`no ${type} was sent`);
    this.deliver({ type: 'reply', id: message.id, error });
  }
  lose(reason: CloseReason = 'lost'): void {
    this.#close(reason);
  }
  commands(): Command[] {
    return this.sent.map(({ command }) => command);
  }
  /** Opens, says yes to the hello and sends the snapshot. */
  welcome(state: AppState, lines: TranscriptLine[] = []): void {
    this.open();
    this.reply('hello');
    this.event({ type: 'snapshot', state, lines });
  }
}

export class FakeTimers implements Timers {
  #pending: { delayMs: number; callback: () => void }[] = [];

  after(delayMs: number, callback: () => void): () => void {
    const entry = { delayMs, callback };
    this.#pending.push(entry);
    return () => (this.#pending = this.#pending.filter((other) => other !== entry));
  }
  get delaysMs(): number[] {
    return this.#pending.map(({ delayMs }) => delayMs);
  }
  /** Lets everything that waits now happen. */
  run(): void {
    const due = this.#pending;
    this.#pending = [];
    for (const { callback } of due) callback();
  }
}

export interface ClientSetup {
  client: ParleyClient;
  timers: FakeTimers;
  transports: FakeTransport[];
  latest(): FakeTransport;
}

export function setUpClient(): ClientSetup {
  const transports: FakeTransport[] = [];
  const timers = new FakeTimers();
  const openTransport = (): FakeTransport => {
    const transport = new FakeTransport();
    transports.push(transport);
    return transport;
  };
  const client = new ParleyClient({ openTransport, timers });
  return { client, timers, transports, latest: () => transports.at(-1)! };
}

/** Lets settled promises be noticed. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve();
}

export { CONTRACT_VERSION };
