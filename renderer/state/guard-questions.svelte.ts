/// <reference types="svelte" />
import type { GuardQuestion } from '../../main/contract/guardrails.ts';
import type { AppEvent } from '../../main/contract/messages.ts';
import type { ParleyClient } from '../client/parley-client.ts';

/** Texts that wait for a human's word, in whatever view the window is. */
export class GuardQuestions {
  readonly #client: ParleyClient;
  #all: readonly GuardQuestion[] = $state.raw([]);

  constructor(client: ParleyClient) {
    this.#client = client;
  }

  get all(): readonly GuardQuestion[] {
    return this.#all;
  }

  receive(event: AppEvent): void {
    if (event.type === 'guard-questions') this.#all = event.questions;
    else if (event.type === 'snapshot') this.#all = [];
  }

  answer(questionId: string, allow: boolean): void {
    this.#client.notify({ type: 'answer-guard-question', questionId, allow });
  }
}
