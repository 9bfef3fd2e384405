/// <reference types="svelte" />
import { ParleyError } from '../../main/contract/errors.ts';
import type { AppEvent } from '../../main/contract/messages.ts';
import type { ToolCallRecord, ToolCommand, ToolsState } from '../../main/contract/tools.ts';
import type { ParleyClient } from '../client/parley-client.ts';
import type { Notices } from './notices.svelte.ts';

/** Tools, their servers, what waits for the user's word, and the record of calls, as this window knows them. */
export class Tools {
  readonly #client: ParleyClient;
  readonly #notices: Notices;
  #state: ToolsState | null = $state.raw(null);
  #calls: readonly ToolCallRecord[] | null = $state.raw(null);
  #search = '';

  constructor({ client, notices }: { client: ParleyClient; notices: Notices }) {
    this.#client = client;
    this.#notices = notices;
    client.onEvent((event) => this.#receive(event));
    client.onConnection((connection) => {
      // A question of an app that is gone can no longer be answered.
      if (connection !== 'connected') this.#state = null;
    });
  }

  /** null until the app has told it. */
  get state(): ToolsState | null {
    return this.#state;
  }

  get calls(): readonly ToolCallRecord[] | null {
    return this.#calls;
  }

  send(command: ToolCommand): void {
    this.#client.command(command).catch((cause) => {
      const error = ParleyError.from(cause, 'tool');
      // The connection is gone: the window says so already.
      if (error.code !== 'cancelled') this.#notices.addError('tools', error);
    });
  }

  findCalls(search: string): void {
    this.#search = search;
    this.send({ type: 'find-tool-calls', search });
  }

  /** `null`: all of them. */
  forgetCalls(ids: string[] | null): void {
    this.send({ type: 'forget-tool-calls', ids });
    this.findCalls(this.#search);
  }

  #receive(event: AppEvent): void {
    if (event.type === 'tools') this.#state = event.tools;
    else if (event.type === 'tool-calls' && event.search === this.#search) this.#calls = event.calls;
  }
}
