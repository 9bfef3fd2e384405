import { execFileSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { basename, join } from 'node:path';
import { STARTER_MODELS } from '../../../main/engine-configs.ts';
import { sha256OfFile } from '../../../main/platform/models/file-hash.ts';
import { resolveModel } from '../../../main/platform/models/resolve-model.ts';

const PROJECT = join(import.meta.dirname, '../../..');
const MB = 1024 * 1024;

/** Without these a figure is none. */
export interface Circumstances {
  at: string;
  machine: {
    cpu: string;
    cores: number;
    memoryMb: number;
    /** One, five and fifteen minutes, before the bench began. Above some tenths the machine was not quiet. */
    loadAverage: number[];
    system: string;
    node: string;
  };
  commit: string;
  /** Sources differ from the commit. */
  isModified: boolean;
  engines: Engine[];
}

export interface Engine {
  stage: string;
  id: string;
  label: string;
  files: { name: string; sizeBytes: number; sha256: string }[];
}

/** `endpoint`: what thinks instead of a model on this machine. Hashes what lies on the disk, not what the catalogue says. */
export async function circumstances(options: {
  modelsDir: string;
  endpoint: { url: string; model: string } | null;
}): Promise<Circumstances> {
  const { modelsDir, endpoint } = options;
  const engines: Engine[] = [];
  for (const [stage, id] of Object.entries(STARTER_MODELS)) {
    if (stage === 'llm' && endpoint) {
      engines.push({ stage, id: endpoint.model, label: `at ${new URL(endpoint.url).host}`, files: [] });
    } else engines.push(await localEngine(stage, id, modelsDir));
  }
  const cpu = cpus();
  return {
    at: new Date().toISOString(),
    machine: {
      cpu: cpu[0]?.model.trim() || 'unknown',
      cores: cpu.length,
      memoryMb: Math.round(totalmem() / MB),
      loadAverage: loadavg().map((load) => Math.round(load * 100) / 100),
      system: `${process.platform} ${process.arch} ${release()}`,
      node: process.version,
    },
    commit: git('rev-parse', 'HEAD') ?? 'unknown',
    isModified: git('status', '--porcelain', '--', 'main', 'renderer', 'native-models', 'package-lock.json') !== '',
    engines,
  };
}

async function localEngine(stage: string, id: string, modelsDir: string): Promise<Engine> {
  const { entry, path } = resolveModel(id, { modelsDir });
  const files = entry.files.map(async (file) => ({
    name: basename(file.path),
    sizeBytes: file.bytes,
    sha256: await sha256OfFile(path(file.path)),
  }));
  return { stage, id, label: entry.label, files: await Promise.all(files) };
}

function git(...args: string[]): string | undefined {
  try {
    return execFileSync('git', args, { cwd: PROJECT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    // A downloaded archive has no history.
    return undefined;
  }
}
