/// <reference types="svelte" />
import { ParleyError } from '../../main/contract/errors.ts';
import type { AppEvent } from '../../main/contract/messages.ts';
import type { RealtimeEndpointCommand, RealtimeEndpointSettings } from '../../main/contract/realtime-endpoint.ts';
import type { ParleyClient } from '../client/parley-client.ts';
import type { Notices } from './notices.svelte.ts';

export interface RealtimeEndpointOptions {
  client: ParleyClient;
  notices: Notices;
  /** Into the clipboard; rejects where the page may not. */
  copy(text: string): Promise<void>;
}

/** What the reader can do about the endpoint for other programs. Its token comes when it is asked for, and goes to the clipboard. */
export class RealtimeEndpoint {
  readonly #client: ParleyClient;
  readonly #notices: Notices;
  readonly #copy: (text: string) => Promise<void>;
  /** Where the page may not write to the clipboard, it is shown to be copied by hand. */
  #shownToken: string | null = $state(null);
  #hasCopied = $state(false);

  constructor({ client, notices, copy }: RealtimeEndpointOptions) {
    this.#client = client;
    this.#copy = copy;
    this.#notices = notices;
    client.onEvent((event) => void this.#receive(event));
  }

  get shownToken(): string | null {
    return this.#shownToken;
  }

  get hasCopied(): boolean {
    return this.#hasCopied;
  }

  set(settings: Partial<RealtimeEndpointSettings>): void {
    this.#send({ type: 'set-realtime-endpoint', settings });
  }

  copyToken(): void {
    this.#send({ type: 'show-realtime-token' });
  }

  renewToken(): void {
    this.#shownToken = null;
    this.#hasCopied = false;
    this.#send({ type: 'renew-realtime-token' });
  }

  async #receive(event: AppEvent): Promise<void> {
    if (event.type !== 'realtime-token') return;
    try {
      await this.#copy(event.token);
      this.#hasCopied = true;
    } catch {
      this.#shownToken = event.token;
    }
  }

  #send(command: RealtimeEndpointCommand): void {
    this.#client.command(command).catch((cause) => {
      const error = ParleyError.from(cause, 'transport');
      if (error.code !== 'cancelled') this.#notices.addError(command.type, error);
    });
  }
}
