/// <reference types="svelte" />
import { MediaQuery } from 'svelte/reactivity';

/** What the reader's system asks for. */
export class Motion {
  readonly #reduced = new MediaQuery('(prefers-reduced-motion: reduce)');
  readonly #dark = new MediaQuery('(prefers-color-scheme: dark)');

  get reduced(): boolean {
    return this.#reduced.current;
  }

  get dark(): boolean {
    return this.#dark.current;
  }
}
