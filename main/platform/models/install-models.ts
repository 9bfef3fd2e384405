import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ParleyError } from '../../contract/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import { moveIntoPlace } from './move-into-place.ts';
import { fetchFile, type FetchContext } from './fetch-file.ts';
import { sha256OfFile } from './file-hash.ts';
import { diskFull, isDiskFull, requireFreeDisk } from './free-disk.ts';
import type { HttpGetOptions } from './http-get.ts';
import { takeInstallLock } from './install-lock.ts';
import { judgeMarker, recordedSha256, removeMarker, writeMarker } from './installed-marker.ts';
import type { ModelCatalogue, ModelEntry, ModelFile, ModelSource } from './model-catalogue.ts';
import { archiveKey, PackageArchives, type PackageClients } from './package-archives.ts';
import { PartialFile } from './partial-file.ts';
import { SourceFailure } from './source-failure.ts';
import { TransferTally, type TransferProgress } from './transfer-tally.ts';

export interface InstallModelsOptions {
  ids: readonly string[];
  catalogue: ModelCatalogue;
  modelsDir: string;
  clients: PackageClients;
  clock: Clock;
  onProgress?: (progress: TransferProgress) => void;
  /** One line for the user, said when it happens: the hub is out of reach, another installer is at work. */
  onNotice?: (line: string) => void;
  /** Called before the first byte of a model that is not there yet. */
  onModel?: (entry: ModelEntry) => void;
  signal?: AbortSignal;
  connection?: Pick<HttpGetOptions, 'connectTimeoutMs' | 'idleTimeoutMs'>;
}

export type InstallOutcome =
  | { id: string; status: 'was-there' }
  | { id: string; status: 'installed' }
  | { id: string; status: 'failed'; error: ParleyError };

/**
 * Installs models and what they require, each file checked against its SHA-256 before it gets its final name, and each model marked as installed
 * only when all of its files are there. What is there already and right is kept. A model that fails does not keep the others
 * from being installed. Throws `model-unknown` before anything is done, `disk-full` and the reason of an abort at once.
 */
export async function installModels(options: InstallModelsOptions): Promise<InstallOutcome[]> {
  const entries = options.catalogue.withRequired(options.ids);
  if (entries.every((entry) => judgeMarker(join(options.modelsDir, entry.id), entry) === 'whole')) {
    return entries.map(({ id }) => ({ id, status: 'was-there' }));
  }
  const release = await takeInstallLock({
    folder: partialFolder(options.modelsDir),
    clock: options.clock,
    onWait: () => options.onNotice?.('Another installation is running; waiting for it to end.'),
    ...(options.signal ? { signal: options.signal } : {}),
  });
  try {
    return await new InstallRun(options).install(entries);
  } finally {
    release();
  }
}

export function partialFolder(modelsDir: string): string {
  return join(modelsDir, '.partial');
}

/** Holds nothing worth keeping: emptied at the beginning and the end of every installation. */
export function scratchFolder(modelsDir: string): string {
  return join(partialFolder(modelsDir), 'scratch');
}

interface Pending {
  entry: ModelEntry;
  missing: ModelFile[];
  /** Hashes of the files that are there. */
  hashes: Map<string, string>;
}

/** One installation, under the lock. */
class InstallRun {
  readonly #options: InstallModelsOptions;
  readonly #archives: PackageArchives;
  readonly #tally: TransferTally;
  #hubUnreachable = false;
  /** Files that are still to be brought, for the sum of bytes to come. */
  #remaining: { entry: ModelEntry; file: ModelFile }[] = [];

  constructor(options: InstallModelsOptions) {
    this.#options = options;
    this.#archives = new PackageArchives({
      folder: scratchFolder(options.modelsDir),
      clients: options.clients,
    });
    this.#tally = new TransferTally({ clock: options.clock, onProgress: options.onProgress });
  }

  async install(entries: readonly ModelEntry[]): Promise<InstallOutcome[]> {
    // Left by an installer that was killed.
    await this.#archives.discard();
    const outcomes: InstallOutcome[] = [];
    try {
      const pending: Pending[] = [];
      for (const entry of entries) {
        const plan = await this.#plan(entry);
        if (plan) pending.push(plan);
        else outcomes.push({ id: entry.id, status: 'was-there' });
      }
      this.#remaining = pending.flatMap(({ entry, missing }) => missing.map((file) => ({ entry, file })));
      await this.#requireRoom();
      this.#expectTransfers();
      for (const plan of pending) outcomes.push(await this.#installOne(plan));
    } finally {
      await this.#archives.discard();
    }
    return outcomes;
  }

  /** What is missing of a model; null when nothing is. Files that somebody put there by hand count when they are right. */
  async #plan(entry: ModelEntry): Promise<Pending | null> {
    const folder = this.#folder(entry);
    if (judgeMarker(folder, entry) === 'whole') return null;
    const hashes = new Map<string, string>();
    const missing: ModelFile[] = [];
    for (const file of entry.files) {
      const expected = file.sha256 ?? recordedSha256(folder, file.path);
      const actual = await hashIfSize(join(folder, file.path), file, this.#options.signal);
      if (actual !== null && actual === expected) hashes.set(file.path, actual);
      else missing.push(file);
    }
    return { entry, missing, hashes };
  }

  async #requireRoom(): Promise<void> {
    await mkdir(this.#options.modelsDir, { recursive: true });
    let neededBytes = 0;
    for (const { entry, file } of this.#remaining) {
      neededBytes += file.bytes - (await sizeOf(this.#partial(entry, file).path));
    }
    await requireFreeDisk(this.#options.modelsDir, Math.max(0, neededBytes));
  }

  /** Adds what the first source in reach will transfer for every file. */
  #expectTransfers(): void {
    for (const { entry, file } of this.#remaining) {
      const source = file.sources.find((candidate) => this.#inReach(candidate));
      if (source) this.#expectTransfer(entry, file, source);
    }
  }

  #expectTransfer(entry: ModelEntry, file: ModelFile, source: ModelSource): void {
    if (source.type === 'https') {
      this.#tally.expect(fileLabel(entry, file), file.bytes);
    } else {
      for (const part of source.parts) this.#tally.expect(archiveKey(source.type, part), part.packageBytes);
    }
  }

  async #installOne(plan: Pending): Promise<InstallOutcome> {
    const { entry, missing, hashes } = plan;
    const folder = this.#folder(entry);
    try {
      // Until the end of this the model does not count as installed.
      await removeMarker(folder);
      if (missing.length > 0) this.#options.onModel?.(entry);
      for (const file of missing) hashes.set(file.path, await this.#obtain(entry, file));
      await writeMarker(folder, entry, hashes);
      return { id: entry.id, status: missing.length > 0 ? 'installed' : 'was-there' };
    } catch (error) {
      this.#options.signal?.throwIfAborted();
      if (isDiskFull(error)) throw diskFull(`while installing ${entry.id} into ${this.#options.modelsDir}`, error);
      const failure = ParleyError.from(error, 'models', 'model-source-failed');
      if (failure.code === 'disk-full') throw failure;
      return { id: entry.id, status: 'failed', error: failure };
    }
  }

  /** Tries the sources in order and puts the checked file in its place. Resolves with its SHA-256. */
  async #obtain(entry: ModelEntry, file: ModelFile): Promise<string> {
    const partial = this.#partial(entry, file);
    const label = fileLabel(entry, file);
    const failures: SourceFailure[] = [];
    for (const source of file.sources) {
      if (!this.#inReach(source)) continue;
      this.#expectTransfer(entry, file, source);
      try {
        const sha256 = await fetchFile({ file, source, partial, label }, this.#context());
        await moveIntoPlace(partial.path, join(this.#folder(entry), file.path));
        await partial.forgetOrigin();
        this.#remaining = this.#remaining.filter((other) => other.file !== file);
        return sha256;
      } catch (error) {
        this.#options.signal?.throwIfAborted();
        if (!(error instanceof SourceFailure)) throw error;
        failures.push(error);
        if (source.type === 'https') this.#leaveHub(entry, file, error);
      }
    }
    throw sourcesFailed(label, failures, this.#hubUnreachable);
  }

  #leaveHub(entry: ModelEntry, file: ModelFile, failure: SourceFailure): void {
    this.#tally.forget(fileLabel(entry, file));
    if (failure.reason !== 'unreachable' || this.#hubUnreachable) return;
    this.#hubUnreachable = true;
    this.#options.onNotice?.(`Model hub out of reach (${failure.message}); taking files from packages instead.`);
    for (const other of this.#remaining) this.#tally.forget(fileLabel(other.entry, other.file));
    this.#expectTransfers();
  }

  #inReach(source: ModelSource): boolean {
    return source.type !== 'https' || !this.#hubUnreachable;
  }

  #context(): FetchContext {
    const { clock, signal, connection, onNotice } = this.#options;
    return { clock, signal, connection, onNotice, archives: this.#archives, tally: this.#tally };
  }

  #folder(entry: ModelEntry): string {
    return join(this.#options.modelsDir, entry.id);
  }

  #partial(entry: ModelEntry, file: ModelFile): PartialFile {
    return new PartialFile(
      join(partialFolder(this.#options.modelsDir), `${fileLabel(entry, file).replaceAll('/', '--')}.part`),
    );
  }
}

function fileLabel(entry: ModelEntry, file: ModelFile): string {
  return `${entry.id}/${file.path}`;
}

function sourcesFailed(label: string, failures: readonly SourceFailure[], hubUnreachable: boolean): ParleyError {
  const reasons = failures.map((failure) => failure.message);
  if (hubUnreachable && reasons.length === 0) reasons.push('only the model hub has this file, and it is out of reach');
  return new ParleyError({
    // The bytes came, and were wrong: another try will not help.
    code: failures.at(-1)?.reason === 'changed' ? 'model-corrupt' : 'model-source-failed',
    stage: 'models',
    message: reasons.join('; '),
    retryable: hubUnreachable || failures.some(({ reason }) => reason === 'interrupted'),
    detail: label,
    cause: failures.at(-1),
  });
}

async function sizeOf(path: string): Promise<number> {
  return await stat(path).then(
    (s) => s.size,
    () => 0,
  );
}

async function hashIfSize(
  path: string,
  { bytes, approximate }: ModelFile,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  const size = await sizeOf(path);
  if (approximate ? size === 0 : size !== bytes) return null;
  return await sha256OfFile(path, signal ? { signal } : {});
}
