import type { AppState } from '../contract/state.ts';

/** The state that windows show. Every change replaces it; listeners hear of each. */
export class AppStateStore {
  #state: AppState;
  readonly #listeners = new Set<(state: AppState) => void>();

  constructor(initial: AppState) {
    this.#state = initial;
  }

  get state(): AppState {
    return this.#state;
  }

  update(change: Partial<AppState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener(this.#state);
  }

  onChange(listener: (state: AppState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
