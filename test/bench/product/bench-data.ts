import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Settings } from '../../../main/platform/settings.ts';

/** A data folder of the bench's own with the user's models in it: default settings, no records, and nothing of the user's is touched. */
export class BenchData {
  readonly dataDir: string;

  private constructor(dataDir: string) {
    this.dataDir = dataDir;
  }

  static async create(options: { modelsDir: string; settings: Partial<Settings> }): Promise<BenchData> {
    const dataDir = await mkdtemp(join(tmpdir(), 'parley-bench-'));
    await symlink(options.modelsDir, join(dataDir, 'models'));
    await writeFile(join(dataDir, 'settings.json'), JSON.stringify(options.settings));
    return new BenchData(dataDir);
  }

  /** As after an installation: nothing that an earlier run has kept. */
  async forgetCache(): Promise<void> {
    const cacheDir = join(this.dataDir, 'cache');
    await rm(cacheDir, { recursive: true, force: true });
    await mkdir(cacheDir);
  }

  get logFile(): string {
    return join(this.dataDir, 'logs', 'parley.log');
  }

  async remove(): Promise<void> {
    await rm(this.dataDir, { recursive: true, force: true });
  }
}
