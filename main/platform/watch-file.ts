import { mkdirSync, watch, type FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';

/** Editors write a file in several steps; the last of them counts. */
const SETTLE_MS = 150;

/**
 * Calls `onChange` a moment after a file was written, made, replaced or removed; the returned function ends that. The folder is watched, since a
 * file that is replaced is another one. Where the system cannot watch (out of handles), that is logged and nothing is called.
 */
export function watchFile(file: string, options: { clock: Clock; logger: Logger; onChange(): void }): () => void {
  const { clock, logger, onChange } = options;
  let cancel = (): void => {};
  let watcher: FSWatcher | undefined;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    watcher = watch(dirname(file), (_, name) => {
      if (name !== null && name !== basename(file)) return;
      cancel();
      cancel = clock.schedule(SETTLE_MS, onChange);
    });
    watcher.on('error', (error) => logger.warn('a file is watched no more', { error }));
  } catch (error) {
    logger.warn('a file cannot be watched', { error });
  }
  return () => {
    cancel();
    watcher?.close();
  };
}
