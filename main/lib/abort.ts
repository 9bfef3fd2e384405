import { ParleyError, type Stage } from '../contract/errors.ts';

/** The typed error for an aborted signal: its own reason when that is one of ours, else `cancelled`. */
export function abortError(signal: AbortSignal, stage: Stage): ParleyError {
  if (signal.reason instanceof ParleyError) return signal.reason;
  return new ParleyError({ code: 'cancelled', stage, retryable: true, cause: signal.reason });
}

export function throwIfAborted(signal: AbortSignal | undefined, stage: Stage): void {
  if (signal?.aborted) throw abortError(signal, stage);
}

/** Calls `listener` once when the signal aborts (at once when it has); the returned function takes it off again. */
export function onAbort(signal: AbortSignal | undefined, listener: () => void): () => void {
  if (!signal) return () => {};
  if (signal.aborted) {
    listener();
    return () => {};
  }
  signal.addEventListener('abort', listener, { once: true });
  return () => signal.removeEventListener('abort', listener);
}
