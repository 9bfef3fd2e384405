import type { Floor } from '../contract/state.ts';

/** Tells when nobody has the floor: the moment to exchange a part that a turn must not see two of. */
export class TurnGap {
  #isOpen = true;
  readonly #waiting = new Set<() => void>();

  floorChanged(floor: Floor): void {
    this.#isOpen = floor === 'listening' || floor === 'off';
    // A piece of work may itself change the floor; the rest then waits for the next gap.
    for (const work of [...this.#waiting]) if (this.#isOpen) work();
  }

  /**
   * Does `work` at once when nobody has the floor, else in the moment when the floor becomes free, before anything else can happen.
   * Rejects with the signal's reason, or with what `work` throws.
   */
  run<T>(work: () => T, signal: AbortSignal): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const attempt = (): void => {
        leave();
        try {
          resolve(work());
        } catch (error) {
          reject(error as Error);
        }
      };
      const onAbort = (): void => {
        leave();
        reject(signal.reason as Error);
      };
      const leave = (): void => {
        this.#waiting.delete(attempt);
        signal.removeEventListener('abort', onAbort);
      };
      if (signal.aborted) return onAbort();
      if (this.#isOpen) return attempt();
      this.#waiting.add(attempt);
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }
}
