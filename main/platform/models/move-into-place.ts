import { mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Moves a file to its final name so that after a power cut it is there whole or not at all. Same file system only. */
export async function moveIntoPlace(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await flush(from);
  await rename(from, to);
  await flushFolder(dirname(to));
}

async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function flushFolder(path: string): Promise<void> {
  // Windows has no such thing: NTFS keeps its own journal of names.
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
