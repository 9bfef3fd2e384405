import type { Stage } from '../contract/errors.ts';
import { abortError, onAbort } from './abort.ts';
import { deferred } from './deferred.ts';

/** The promise's outcome, or a rejection with the abort's error if that comes first. The promise itself goes on. */
export async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined, stage: Stage): Promise<T> {
  const aborted = deferred<never>();
  const stopListening = onAbort(signal, () => aborted.reject(abortError(signal!, stage)));
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    stopListening();
  }
}
