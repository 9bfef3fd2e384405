import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../ports/clock.ts';

const RETRY_EVERY_MS = 300;
const SQLITE_BUSY = 5;

export interface InstallLockOptions {
  folder: string;
  clock: Clock;
  /** Called once when another process holds the lock. */
  onWait?: () => void;
  signal?: AbortSignal;
}

/**
 * One installer at a time per folder. The lock is SQLite's exclusive lock on an empty file: the kernel drops it with the
 * process, however that ends, so there is no stale lock to recognise and no process id that could have been given again.
 * Resolves with the function that lets go. Waits for another holder; abort rejects with the signal's reason.
 */
export async function takeInstallLock({ folder, clock, onWait, signal }: InstallLockOptions): Promise<() => void> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'install.lock');
  for (let waited = false; ; waited = true) {
    signal?.throwIfAborted();
    const release = tryLock(path);
    if (release) return release;
    if (!waited) onWait?.();
    await new Promise<void>((resolve) => clock.schedule(RETRY_EVERY_MS, resolve));
  }
}

function tryLock(path: string): (() => void) | null {
  const database = new DatabaseSync(path);
  try {
    database.exec('BEGIN EXCLUSIVE');
    return () => database.close();
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return null;
    throw error;
  }
}
