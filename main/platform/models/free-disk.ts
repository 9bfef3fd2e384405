import { statfs } from 'node:fs/promises';
import { ParleyError } from '../../contract/errors.ts';
import { formatBytes } from './format-bytes.ts';

/** Left free, so that logs and the conversation store can still be written after an installation. */
const MARGIN_BYTES = 16 * 1024 * 1024;

/** Throws `disk-full` when the file system that holds `folder` has no room for `neededBytes` more. */
export async function requireFreeDisk(folder: string, neededBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const freeBytes = bavail * bsize;
  if (freeBytes >= neededBytes + MARGIN_BYTES) return;
  throw diskFull(`${formatBytes(neededBytes + MARGIN_BYTES)} needed, ${formatBytes(freeBytes)} free in ${folder}`);
}

export function diskFull(detail: string, cause?: unknown): ParleyError {
  return new ParleyError({
    code: 'disk-full',
    stage: 'models',
    message: 'not enough disk space',
    detail,
    retryable: true,
    cause,
  });
}

export function isDiskFull(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return code === 'ENOSPC' || code === 'EDQUOT';
}
