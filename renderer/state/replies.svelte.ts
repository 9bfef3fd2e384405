/// <reference types="svelte" />
import { ParleyError } from '../../main/contract/errors.ts';
import type { AppEvent } from '../../main/contract/messages.ts';
import type {
  Intent,
  ReplyCommand,
  ReplyFigures,
  ReplyIssue,
  ShownIntent,
  TriedReply,
} from '../../main/contract/replies.ts';
import type { ParleyClient } from '../client/parley-client.ts';
import type { Notices } from './notices.svelte.ts';

/** The table of replies as this window knows it, while somebody looks at it. */
export class Replies {
  readonly #client: ParleyClient;
  readonly #notices: Notices;
  #intents: readonly ShownIntent[] | null = $state.raw(null);
  #file = $state('');
  #ownText = $state('');
  #issues: readonly ReplyIssue[] = $state.raw([]);
  #figures: ReplyFigures | null = $state.raw(null);
  #checked: { id: string; saved: boolean; issues: readonly ReplyIssue[] } | null = $state.raw(null);
  #tried: TriedReply | null = $state.raw(null);

  constructor({ client, notices }: { client: ParleyClient; notices: Notices }) {
    this.#client = client;
    this.#notices = notices;
  }

  /** null until the app has told them. */
  get intents(): readonly ShownIntent[] | null {
    return this.#intents;
  }

  get file(): string {
    return this.#file;
  }

  /** What is exported. */
  get ownText(): string {
    return this.#ownText;
  }

  get issues(): readonly ReplyIssue[] {
    return this.#issues;
  }

  /** The file has a mistake: nothing can be changed before it is mended. */
  get isLocked(): boolean {
    return this.#issues.some(({ kind }) => kind === 'problem');
  }

  get figures(): ReplyFigures | null {
    return this.#figures;
  }

  get tried(): TriedReply | null {
    return this.#tried;
  }

  /** The app sends the table and its figures from now on; the returned function ends that. */
  watch(): () => void {
    const stopEvents = this.#client.onEvent((event) => this.#receive(event));
    const stopConnection = this.#client.onConnection((connection) => {
      if (connection === 'connected') void this.#do({ type: 'watch-replies', on: true });
    });
    if (this.#client.connection === 'connected') void this.#do({ type: 'watch-replies', on: true });
    return () => {
      stopEvents();
      stopConnection();
      if (this.#client.connection === 'connected') void this.#do({ type: 'watch-replies', on: false });
    };
  }

  /** What is wrong with it, or worth knowing; and whether it was kept. null when the app could not say. */
  async check(
    intent: Intent,
    options: { replaces: string | null; save: boolean },
  ): Promise<{ saved: boolean; issues: readonly ReplyIssue[] } | null> {
    this.#checked = null;
    const isTaken = await this.#do({ type: 'check-reply', intent, ...options });
    return isTaken ? this.#checked : null;
  }

  async try(text: string, lastHeard: string): Promise<void> {
    if (text.trim() === '') this.#tried = null;
    else await this.#do({ type: 'try-reply', text, lastHeard });
  }

  play(text: string): void {
    void this.#do({ type: 'play-reply', text });
  }

  remove(id: string): void {
    void this.#do({ type: 'remove-reply', id });
  }

  switch(id: string, on: boolean): void {
    void this.#do({ type: 'switch-reply', id, on });
  }

  import(text: string): Promise<boolean> {
    return this.#do({ type: 'import-replies', text });
  }

  forgetFigures(): void {
    void this.#do({ type: 'forget-reply-figures' });
  }

  #receive(event: AppEvent): void {
    if (event.type === 'replies') {
      this.#intents = event.intents;
      this.#file = event.file;
      this.#ownText = event.ownText;
      this.#issues = event.issues;
    } else if (event.type === 'reply-figures') this.#figures = event.figures;
    else if (event.type === 'reply-checked') this.#checked = event;
    else if (event.type === 'reply-tried') this.#tried = event.tried;
  }

  /** True when the app has done it; what went wrong is shown. */
  async #do(command: ReplyCommand): Promise<boolean> {
    try {
      await this.#client.command(command);
      return true;
    } catch (cause) {
      const error = ParleyError.from(cause, 'transport');
      if (error.code !== 'cancelled') this.#notices.addError(command.type, error);
      return false;
    }
  }
}
