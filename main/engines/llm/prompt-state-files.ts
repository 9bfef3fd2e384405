import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Enough for a few system prompts; a state of SmolLM2 takes 23 kB a token. */
const DEFAULT_MAX_FILES = 4;
const DIGEST_CHARS = 32;
const NAME = /^[0-9a-f]{32}-[0-9a-f]{32}\.kv$/;

/**
 * Computed prompts on disk, so that a cold start does not compute the system prompt again. llama.cpp may crash on a damaged
 * state, so a file carries the hash of its content in its name and is checked before it is used.
 */
export class PromptStateFiles {
  readonly #folder: string;
  readonly #identity: string;
  readonly #maxFiles: number;

  /** `identity` names everything that makes states incompatible: the model file, the engine's version, the context size. */
  constructor(options: { folder: string; identity: string; maxFiles?: number }) {
    this.#folder = options.folder;
    this.#identity = options.identity;
    this.#maxFiles = options.maxFiles ?? DEFAULT_MAX_FILES;
  }

  /** The path of a whole and unchanged state of these tokens, or undefined. Damaged files are removed. Never throws. */
  async find(tokens: readonly number[]): Promise<string | undefined> {
    const key = this.#keyOf(tokens);
    for (const name of await this.#names()) {
      if (!name.startsWith(key)) continue;
      const path = join(this.#folder, name);
      const digest = await digestOf(path).catch(() => undefined);
      if (digest && name === nameOf(key, digest)) return path;
      await this.remove(path);
    }
    return undefined;
  }

  /** Keeps what `write` puts in the file that it is given. Returns false when that fails, as on a full disk. Never throws. */
  async save(tokens: readonly number[], write: (path: string) => Promise<unknown>): Promise<boolean> {
    const temporary = join(this.#folder, `${randomUUID()}.part`);
    try {
      await mkdir(this.#folder, { recursive: true });
      await write(temporary);
      await rename(temporary, join(this.#folder, nameOf(this.#keyOf(tokens), await digestOf(temporary))));
      await this.#prune();
      return true;
    } catch {
      await this.remove(temporary);
      return false;
    }
  }

  async remove(path: string): Promise<void> {
    await rm(path, { force: true }).catch(() => {});
  }

  #keyOf(tokens: readonly number[]): string {
    return createHash('sha256')
      .update(this.#identity)
      .update('\n')
      .update(tokens.join(' '))
      .digest('hex')
      .slice(0, DIGEST_CHARS);
  }

  async #names(): Promise<string[]> {
    const names = await readdir(this.#folder).catch(() => []);
    return names.filter((name) => NAME.test(name));
  }

  async #prune(): Promise<void> {
    const dated = await Promise.all(
      (await this.#names()).map(async (name) => {
        const path = join(this.#folder, name);
        const writtenMs = await stat(path).then(
          (found) => found.mtimeMs,
          () => 0,
        );
        return { path, writtenMs };
      }),
    );
    dated.sort((a, b) => b.writtenMs - a.writtenMs);
    for (const { path } of dated.slice(this.#maxFiles)) await this.remove(path);
  }
}

function nameOf(key: string, digest: string): string {
  return `${key}-${digest}.kv`;
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(bytes as Buffer);
  return hash.digest('hex').slice(0, DIGEST_CHARS);
}
