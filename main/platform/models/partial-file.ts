import { mkdir, open, readFile, rm, stat, writeFile, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What the server said of the bytes in a partial file: without it they cannot be added to. */
export interface PartialOrigin {
  url: string;
  /** A strong entity tag: only that may stand in If-Range. */
  etag: string;
  totalBytes: number | null;
  publishedSha256: string | null;
}

/**
 * The bytes of a download so far, beside a note of where they came from. The note is written before the first byte, so a
 * process killed at any moment leaves either a pair that can be resumed or bytes without a note, which are thrown away.
 */
export class PartialFile {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** The note and how many bytes there are, or null when there is nothing that could be resumed from `url`. */
  async resumable(url: string): Promise<{ origin: PartialOrigin; bytes: number } | null> {
    try {
      const origin = JSON.parse(await readFile(this.#notePath, 'utf8')) as PartialOrigin;
      const { size } = await stat(this.path);
      return origin.url === url && typeof origin.etag === 'string' && size > 0 ? { origin, bytes: size } : null;
    } catch {
      return null;
    }
  }

  /** Begins from nothing; `origin` null when the server gave nothing to resume by. */
  async restart(origin: PartialOrigin | null): Promise<FileHandle> {
    await mkdir(dirname(this.path), { recursive: true });
    await rm(this.#notePath, { force: true });
    await writeFile(this.path, '');
    if (origin) await writeFile(this.#notePath, JSON.stringify(origin));
    return await this.append();
  }

  async append(): Promise<FileHandle> {
    return await open(this.path, 'a');
  }

  async discard(): Promise<void> {
    await rm(this.#notePath, { force: true });
    await rm(this.path, { force: true });
  }

  /** Drops the note when the file itself has been moved to its place. */
  async forgetOrigin(): Promise<void> {
    await rm(this.#notePath, { force: true });
  }

  get #notePath(): string {
    return `${this.path}.json`;
  }
}
