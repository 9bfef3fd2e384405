import { abortError, onAbort } from '../lib/abort.ts';
import { deferred } from '../lib/deferred.ts';

/** Lets so many run at once; the others wait in order. */
export class Slots {
  #free: number;
  #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /** Abort while waiting throws and the work never begins; after that it is the work's business. */
  async run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await this.#turn(signal);
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      // The slot goes from hand to hand.
      if (next) next();
      else this.#free++;
    }
  }

  async #turn(signal: AbortSignal): Promise<void> {
    const turn = deferred<void>();
    const mine = (): void => turn.resolve();
    this.#waiting.push(mine);
    const stopListening = onAbort(signal, () => {
      this.#waiting = this.#waiting.filter((each) => each !== mine);
      turn.reject(abortError(signal, 'tool'));
    });
    await turn.promise.finally(stopListening);
  }
}
