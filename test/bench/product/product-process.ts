import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { deferred } from '../../../main/lib/deferred.ts';

const PROJECT = join(import.meta.dirname, '../../..');
const START_LIMIT_MS = 60_000;
const KILL_AFTER_MS = 15_000;

/** The program's main file: the bundle that `npm start` runs, or the sources. */
export function productMain(form: 'built' | 'source'): string {
  const file = join(PROJECT, ...(form === 'built' ? ['out', 'main', 'node-main.js'] : ['main', 'node-main.ts']));
  if (!existsSync(file)) throw new Error('the app is not built: run "npm run setup", or use --source');
  return file;
}

export interface ProductOptions {
  mainFile: string;
  dataDir: string;
  /** What it needs to find the virtual devices. */
  env: Readonly<Record<string, string>>;
}

/** The app as a process of its own, without a window. */
export class ProductProcess {
  readonly pid: number;
  /** From the start of the process to "Parley is listening". */
  readonly coldStartMs: number;
  /** Lets one client in. */
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<string>;

  private constructor(parts: { child: ChildProcess; ended: Promise<string>; coldStartMs: number; url: string }) {
    this.#child = parts.child;
    this.#ended = parts.ended;
    this.pid = parts.child.pid!;
    this.coldStartMs = parts.coldStartMs;
    this.url = parts.url;
  }

  /** Resolves when it listens. Rejects with what it printed when it ends before, cannot listen, or takes longer than a minute. */
  static async start({ mainFile, dataDir, env }: ProductOptions): Promise<ProductProcess> {
    const startMs = performance.now();
    const args = [mainFile, '--no-open', '--port', '0', '--audio', 'portaudio', '--data-dir', dataDir];
    const child = spawn(process.execPath, args, {
      cwd: PROJECT,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    // A bench that is broken off while the app starts must not leave it behind.
    const endWithBench = (): void => void child.kill('SIGTERM');
    process.once('exit', endWithBench);
    const ended = once(child, 'exit').then(([code, signal]) => {
      process.off('exit', endWithBench);
      return String(code ?? signal);
    });
    const listening = deferred<{ coldStartMs: number; url: string }>();
    const printed: string[] = [];
    const fail = (what: string): void => listening.reject(new Error([what, ...printed].join('\n')));
    let url = '';
    const onLine = (line: string): void => {
      printed.push(line.replace(/token=\S+/, 'token=…'));
      url ||= /^Parley is ready: (\S+)$/.exec(line)?.[1] ?? '';
      if (line === 'Parley is listening') listening.resolve({ coldStartMs: performance.now() - startMs, url });
      if (line.startsWith('Parley cannot listen')) fail('the app cannot listen:');
    };
    createInterface(child.stdout).on('line', onLine);
    createInterface(child.stderr).on('line', onLine);
    void ended.then((outcome) => fail(`the app ended (${outcome}) before it listened:`));
    const limit = setTimeout(() => fail('the app did not listen within a minute:'), START_LIMIT_MS);
    try {
      return new ProductProcess({ child, ended, ...(await listening.promise) });
    } catch (cause) {
      await end(child, ended);
      throw cause;
    } finally {
      clearTimeout(limit);
    }
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async stop(): Promise<void> {
    await end(this.#child, this.#ended);
  }
}

async function end(child: ChildProcess, ended: Promise<string>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const limit = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
  await ended;
  clearTimeout(limit);
}
