import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../ports/clock.ts';
import { sha256OfFile } from './file-hash.ts';
import { partialFolder, scratchFolder } from './install-models.ts';
import { takeInstallLock } from './install-lock.ts';
import { judgeMarker, recordedSha256, removeMarker, writeMarker } from './installed-marker.ts';
import type { ModelCatalogue, ModelEntry } from './model-catalogue.ts';

interface StoreOptions {
  catalogue: ModelCatalogue;
  modelsDir: string;
  clock: Clock;
  signal?: AbortSignal;
}

export interface ModelListing {
  entry: ModelEntry;
  state: 'installed' | 'missing' | 'changed';
}

/** All models of the catalogue with what is known of them without hashing. */
export function listModels({ catalogue, modelsDir }: Pick<StoreOptions, 'catalogue' | 'modelsDir'>): ModelListing[] {
  return catalogue.entries.map((entry) => {
    const verdict = judgeMarker(join(modelsDir, entry.id), entry);
    return { entry, state: verdict === 'whole' ? 'installed' : verdict === 'touched' ? 'changed' : 'missing' };
  });
}

export interface VerifyResult {
  id: string;
  /** Paths of the files that are not there, and of those whose hash is wrong. Both empty: the model is right. */
  missing: string[];
  corrupt: string[];
}

/**
 * Hashes every file again. A model that is right is marked as installed (so files put there by hand can be used), one that
 * is not loses its mark, so that no engine gets to open it until it is installed again.
 */
export async function verifyModels(ids: readonly string[], options: StoreOptions): Promise<VerifyResult[]> {
  const entries = ids.map((id) => options.catalogue.get(id));
  const release = await takeInstallLock({ folder: partialFolder(options.modelsDir), ...options });
  try {
    const results: VerifyResult[] = [];
    for (const entry of entries) results.push(await verifyOne(entry, options));
    return results;
  } finally {
    release();
  }
}

async function verifyOne(entry: ModelEntry, { modelsDir, signal }: StoreOptions): Promise<VerifyResult> {
  const folder = join(modelsDir, entry.id);
  const result: VerifyResult = { id: entry.id, missing: [], corrupt: [] };
  const hashes = new Map<string, string>();
  for (const { path, sha256 } of entry.files) {
    const actual = await sha256OfFile(join(folder, path), signal ? { signal } : {}).catch(absentFile);
    if (actual === null) result.missing.push(path);
    else if (actual !== (sha256 ?? recordedSha256(folder, path))) result.corrupt.push(path);
    else hashes.set(path, actual);
  }
  if (hashes.size === entry.files.length) await writeMarker(folder, entry, hashes);
  else await removeMarker(folder);
  return result;
}

function absentFile(error: unknown): null {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
  throw error;
}

/** Takes a model off the disk; in one step as far as anybody can see. Resolves to false when nothing was there. */
export async function removeModel(id: string, options: StoreOptions): Promise<boolean> {
  const { id: folderName } = options.catalogue.get(id);
  const release = await takeInstallLock({ folder: partialFolder(options.modelsDir), ...options });
  try {
    const scratch = scratchFolder(options.modelsDir);
    await mkdir(scratch, { recursive: true });
    const aside = join(scratch, `removed-${randomUUID()}`);
    try {
      await rename(join(options.modelsDir, folderName), aside);
    } catch (error) {
      return absentFile(error) ?? false;
    }
    await rm(aside, { recursive: true, force: true });
    return true;
  } finally {
    release();
  }
}
