/// <reference types="svelte" />
import { wordsFor } from '../../main/contract/error-words.ts';
import type { ParleyError } from '../../main/contract/errors.ts';

/** Something the reader should know and can act on. */
export interface Notice {
  id: string;
  title: string;
  nextStep: string;
}

/** Problems that this window has by itself: a refused command, a blocked microphone. The app's own are in its state. */
export class Notices {
  #notices: readonly Notice[] = $state.raw([]);

  get all(): readonly Notice[] {
    return this.#notices;
  }

  /** The same id again replaces the older words. */
  add(notice: Notice): void {
    this.#notices = [...this.#notices.filter(({ id }) => id !== notice.id), notice];
  }

  addError(id: string, error: ParleyError): void {
    this.add({ id, ...wordsFor(error.serialise()) });
  }

  remove(id: string): void {
    this.#notices = this.#notices.filter((notice) => notice.id !== id);
  }
}
