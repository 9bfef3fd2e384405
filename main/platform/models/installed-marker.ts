import { readFileSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomically } from '../atomic-file.ts';
import type { ModelEntry } from './model-catalogue.ts';

const MARKER_NAME = 'installed.json';

const markerSchema = z.object({
  version: z.literal(1),
  id: z.string(),
  files: z.array(z.object({ path: z.string(), sha256: z.string(), bytes: z.number(), mtimeMs: z.number() })),
});
export type InstalledMarker = z.infer<typeof markerSchema>;

/** Hashes of files that were just checked, by path. */
export type CheckedHashes = ReadonlyMap<string, string>;

/** Written last of all: its presence says that every file was whole and right at the time. */
export async function writeMarker(folder: string, entry: ModelEntry, hashes: CheckedHashes): Promise<void> {
  const files = entry.files.map(({ path }) => {
    const { size, mtimeMs } = statSync(join(folder, path));
    return { path, sha256: hashes.get(path) as string, bytes: size, mtimeMs };
  });
  const marker: InstalledMarker = { version: 1, id: entry.id, files };
  await writeFileAtomically(join(folder, MARKER_NAME), JSON.stringify(marker, null, 2));
}

export async function removeMarker(folder: string): Promise<void> {
  await rm(join(folder, MARKER_NAME), { force: true });
}

export type MarkerVerdict = 'whole' | 'absent' | 'touched';

/**
 * Says without hashing whether the model is as it was when it was checked: one small read and a stat per file. `touched`: a
 * file has another size or time than then, or is gone. A marker for other hashes than the catalogue's counts as absent.
 */
export function judgeMarker(folder: string, entry: ModelEntry): MarkerVerdict {
  const marker = readMarker(folder);
  if (!marker || marker.id !== entry.id) return 'absent';
  const noted = new Map(marker.files.map((file) => [file.path, file]));
  for (const file of entry.files) {
    const then = noted.get(file.path);
    if (!then || (file.sha256 !== null && then.sha256 !== file.sha256)) return 'absent';
  }
  return entry.files.every((file) => isUntouched(join(folder, file.path), noted.get(file.path))) ? 'whole' : 'touched';
}

function isUntouched(path: string, then: { bytes: number; mtimeMs: number } | undefined): boolean {
  const now = statSync(path, { throwIfNoEntry: false });
  return now !== undefined && now.size === then?.bytes && now.mtimeMs === then.mtimeMs;
}

/** The recorded hash of a file of an entry whose hash the catalogue does not know. */
export function recordedSha256(folder: string, path: string): string | null {
  return readMarker(folder)?.files.find((file) => file.path === path)?.sha256 ?? null;
}

function readMarker(folder: string): InstalledMarker | null {
  try {
    return markerSchema.parse(JSON.parse(readFileSync(join(folder, MARKER_NAME), 'utf8')));
  } catch {
    return null;
  }
}
