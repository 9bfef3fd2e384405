/// <reference types="svelte" />
import { SILENCE_DBFS } from '../../main/contract/audio-format.ts';
import type { AppEvent } from '../../main/contract/messages.ts';

/** Speech is rarely below −60 dBFS; the meters and the form start there. */
const QUIET_DBFS = -60;

/** How loud both sides are, 0 (quiet) … 1 (full scale). */
export class Levels {
  #inputDbfs = $state(SILENCE_DBFS);
  #outputDbfs = $state(SILENCE_DBFS);

  get input(): number {
    return loudness(this.#inputDbfs);
  }

  get output(): number {
    return loudness(this.#outputDbfs);
  }

  receive(event: AppEvent): void {
    if (event.type === 'levels') {
      this.#inputDbfs = event.inputDbfs;
      this.#outputDbfs = event.outputDbfs;
    }
  }

  silence(): void {
    this.#inputDbfs = SILENCE_DBFS;
    this.#outputDbfs = SILENCE_DBFS;
  }
}

function loudness(dbfs: number): number {
  return Math.max(0, Math.min(1, 1 - dbfs / QUIET_DBFS));
}
