/// <reference types="svelte" />
import { ParleyError } from '../../main/contract/errors.ts';
import type { AppEvent, Command } from '../../main/contract/messages.ts';
import type { AppState, Floor, InputMode } from '../../main/contract/state.ts';
import type { Connection, ParleyClient } from '../client/parley-client.ts';
import type { Notices } from './notices.svelte.ts';

/** What the form in the middle shows: the app's floor, or that there is no app to have one. */
export type ShownFloor = Floor | 'disconnected';

export interface ConversationOptions {
  client: ParleyClient;
  notices: Notices;
}

/** The app's state as this window knows it, and what the reader can do about it. */
export class Conversation {
  readonly #client: ParleyClient;
  readonly #notices: Notices;
  #app: AppState | null = $state.raw(null);
  #connection: Connection = $state('connecting');
  /** The key or button is down; sent at once, shown before the app confirms it. */
  #talkHeld = $state(false);

  readonly floor: ShownFloor = $derived.by(() => {
    if (this.#connection === 'connecting') return 'starting';
    if (this.#connection !== 'connected' || this.#app === null) return 'disconnected';
    return this.#app.floor;
  });

  constructor({ client, notices }: ConversationOptions) {
    this.#client = client;
    this.#notices = notices;
    client.onEvent((event) => this.#receive(event));
    client.onConnection((connection) => this.#connectionChanged(connection));
  }

  get app(): AppState | null {
    return this.#app;
  }

  get connection(): Connection {
    return this.#connection;
  }

  get talkHeld(): boolean {
    return this.#talkHeld || (this.#app?.pushToTalkHeld ?? false);
  }

  get canAct(): boolean {
    return this.#connection === 'connected' && this.#app !== null;
  }

  /** True when it was sent: an empty text or a lost connection keeps the words in the box. */
  say(text: string): boolean {
    const trimmed = text.trim();
    if (trimmed === '' || !this.canAct) return false;
    this.#do({ type: 'say', text: trimmed });
    return true;
  }

  stop(): void {
    this.#do({ type: 'stop' });
  }

  setMuted(muted: boolean): void {
    this.#do({ type: 'set-muted', muted });
  }

  setInputMode(inputMode: InputMode): void {
    this.holdToTalk(false);
    this.#do({ type: 'set-input-mode', inputMode });
  }

  holdToTalk(held: boolean): void {
    if (held === this.#talkHeld || (held && (!this.canAct || this.#app?.inputMode !== 'push-to-talk'))) return;
    this.#talkHeld = held;
    this.#do({ type: 'push-to-talk', held });
  }

  chooseDevice(kind: 'input' | 'output', deviceId: string): void {
    this.#do({ type: 'choose-device', kind, deviceId });
  }

  refreshDevices(): void {
    this.#do({ type: 'refresh-devices' });
  }

  dismissProblem(id: string): void {
    this.#do({ type: 'dismiss-problem', id });
  }

  startOver(): void {
    this.#do({ type: 'new-conversation' });
  }

  retryConnection(): void {
    this.#client.retryNow();
  }

  #receive(event: AppEvent): void {
    if (event.type === 'state' || event.type === 'snapshot') this.#app = event.state;
  }

  #connectionChanged(connection: Connection): void {
    this.#connection = connection;
    if (connection !== 'connected') this.#talkHeld = false;
  }

  #do(command: Command): void {
    this.#client.command(command).catch((cause) => {
      const error = ParleyError.from(cause, 'transport');
      // Cancelled: the connection went away, which the window shows by itself.
      if (error.code !== 'cancelled') this.#notices.addError(command.type, error);
    });
  }
}
