import { ParleyError } from '../contract/errors.ts';

/** SQLITE_FULL. */
const DATABASE_FULL = 13;

/** What SQLite throws, as an error of ours: `disk-full` or `internal`. */
export function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const isFull = (cause as { errcode?: number }).errcode === DATABASE_FULL;
    throw ParleyError.from(cause, 'app', isFull ? 'disk-full' : 'internal');
  }
}
