import type { ChildStatus } from '../contract/state.ts';
import { deferred } from '../lib/deferred.ts';

/** Where a child is in its life; `busy` and `unresponsive` are ways of being up. */
export type ChildPhase = 'stopped' | 'starting' | 'up' | 'restarting' | 'failed';

/** The state of a supervised child, the status that follows from it, and who watches either. */
export class ChildState {
  #phase: ChildPhase = 'stopped';
  #responsive = true;
  #active = 0;
  #status: ChildStatus = 'stopped';
  #changed = deferred<void>();
  readonly #listeners = new Set<(status: ChildStatus) => void>();

  get phase(): ChildPhase {
    return this.#phase;
  }

  get status(): ChildStatus {
    return this.#status;
  }

  /** Up and answering. */
  get available(): boolean {
    return this.#phase === 'up' && this.#responsive;
  }

  /** Resolves at the next change of any kind. */
  get changed(): Promise<void> {
    return this.#changed.promise;
  }

  onStatus(listener: (status: ChildStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  enter(phase: ChildPhase): void {
    this.#phase = phase;
    this.#responsive = true;
    this.#publish();
  }

  setResponsive(responsive: boolean): void {
    this.#responsive = responsive;
    this.#publish();
  }

  /** Requests that the child is working on. */
  changeActive(by: 1 | -1): void {
    this.#active += by;
    this.#publish();
  }

  #publish(): void {
    const changed = this.#changed;
    this.#changed = deferred();
    changed.resolve();
    const status = this.#derive();
    if (status === this.#status) return;
    this.#status = status;
    for (const listener of this.#listeners) listener(status);
  }

  #derive(): ChildStatus {
    if (this.#phase !== 'up') return this.#phase;
    if (!this.#responsive) return 'unresponsive';
    return this.#active > 0 ? 'busy' : 'ready';
  }
}
