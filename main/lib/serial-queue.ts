import { ParleyError, type Stage } from '../contract/errors.ts';
import { abortError, onAbort } from './abort.ts';
import { deferred } from './deferred.ts';

/** Runs tasks one after the other, in the order asked. For engines that can do one thing at a time. */
export class SerialQueue {
  readonly #stage: Stage;
  #tail: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /**
   * Resolves with the task's result. A task whose signal aborts while it waits never runs and rejects at once; aborting a
   * running task is the task's own business. Throws `queue-closed` after close().
   */
  run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.#closed) return Promise.reject(this.#closedError());
    if (signal?.aborted) return Promise.reject(abortError(signal, this.#stage));
    const result = deferred<T>();
    const stopWatching = onAbort(signal, () => result.reject(abortError(signal!, this.#stage)));
    const previous = this.#tail;
    const turn = async () => {
      await previous;
      stopWatching();
      if (signal?.aborted) return;
      if (this.#closed) return result.reject(this.#closedError());
      await task().then(result.resolve, result.reject);
    };
    this.#tail = turn();
    return result.promise;
  }

  /** Refuses what waits, resolves when the running task has ended. Safe twice. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#tail;
  }

  #closedError(): ParleyError {
    return new ParleyError({ code: 'queue-closed', stage: this.#stage, message: 'the engine is closed' });
  }
}
