import { ParleyError } from '../../contract/errors.ts';
import { deferred } from '../../lib/deferred.ts';
import type { Clock } from '../../ports/clock.ts';
import { connectionError } from './connection-errors.ts';

export interface HandshakeOptions {
  label: string;
  clock: Clock;
  signal: AbortSignal;
}

const READY_WITHIN_MS = 10_000;

/** From a socket that is open to a session that is configured. */
export class Handshake {
  readonly #settled = deferred<void>();
  #isDone = false;

  get isDone(): boolean {
    return this.#isDone;
  }

  done(): void {
    this.#isDone = true;
    this.#settled.resolve();
  }

  fail(error: ParleyError): void {
    this.#settled.reject(error);
  }

  /** Rejects with what it failed with, with `call-timeout` after 10 s, or with `cancelled`. */
  async wait({ label, clock, signal }: HandshakeOptions): Promise<void> {
    const onAbort = (): void => this.fail(new ParleyError({ code: 'cancelled', stage: 'think' }));
    const stopWaiting = clock.schedule(READY_WITHIN_MS, () => this.fail(connectionError('call-timeout', { label })));
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
    try {
      await this.#settled.promise;
    } finally {
      stopWaiting();
      signal.removeEventListener('abort', onAbort);
    }
  }
}
