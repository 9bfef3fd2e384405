import type { Floor } from '../contract/state.ts';
import type { AppStateStore } from './app-state-store.ts';

/** The floor that windows show: the conversation's, once there is somebody who listens. */
export class ShownFloor {
  readonly #store: AppStateStore;
  #floor: Floor = 'listening';
  #isAsleep = false;
  #ears: 'starting' | 'listening' | 'missing' = 'starting';

  constructor(store: AppStateStore) {
    this.#store = store;
  }

  /** The conversation's floor has changed. */
  changed(floor: Floor): void {
    this.#floor = floor;
    this.#show();
  }

  /** What is heard now is not meant for us, as far as is known. */
  setAsleep(isAsleep: boolean): void {
    this.#isAsleep = isAsleep;
    this.#show();
  }

  /** Starting is over: engines and devices are ready, or something that is needed to listen is not there. */
  started(isListening: boolean): void {
    this.#ears = isListening ? 'listening' : 'missing';
    this.#show();
  }

  #show(): void {
    const floor = this.#shown();
    if (floor !== this.#store.state.floor) this.#store.update({ floor });
  }

  #shown(): Floor {
    if (this.#ears === 'starting') return 'starting';
    if (this.#isAsleep && this.#floor === 'hearing') return 'listening';
    // A typed turn is thought about and spoken without ears.
    return this.#ears === 'missing' && this.#floor === 'listening' ? 'off' : this.#floor;
  }
}
