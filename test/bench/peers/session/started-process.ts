import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { deferred } from '../../../../main/lib/deferred.ts';

const KILL_AFTER_MS = 10_000;

export interface StartOptions {
  name: string;
  command: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** Of the line that says that it is ready; its match is given back. */
  ready: RegExp;
  limitMs: number;
  onLine?: (line: string) => void;
}

/** A program that says on one of its lines that it is ready. */
export class StartedProcess {
  readonly pid: number;
  /** From the start of the process to its line. */
  readonly startMs: number;
  readonly ready: RegExpExecArray;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, parts: { startMs: number; ready: RegExpExecArray }) {
    this.#child = child;
    this.pid = child.pid!;
    this.startMs = parts.startMs;
    this.ready = parts.ready;
  }

  /** Rejects with what it printed when it ends before it is ready, or takes too long. */
  static async start(options: StartOptions): Promise<StartedProcess> {
    const { name, command, args, env, limitMs } = options;
    const fromMs = performance.now();
    const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    // A bench that is broken off must not leave it behind.
    const endWithBench = (): void => void child.kill('SIGKILL');
    process.once('exit', endWithBench);
    child.once('exit', () => process.off('exit', endWithBench));
    const isReady = deferred<{ startMs: number; ready: RegExpExecArray }>();
    const printed: string[] = [];
    const onLine = (line: string): void => {
      if (printed.length < 200) printed.push(line);
      options.onLine?.(line);
      const ready = options.ready.exec(line);
      if (ready) isReady.resolve({ startMs: performance.now() - fromMs, ready });
    };
    createInterface(child.stdout).on('line', onLine);
    createInterface(child.stderr).on('line', onLine);
    const fail = (what: string): void =>
      isReady.reject(new Error([`${name} ${what}`, ...printed.slice(-20)].join('\n')));
    child.once('error', (error) => fail(`cannot be started: ${error.message}`));
    child.once('exit', (code, signal) => fail(`ended (${code ?? signal}) before it was ready:`));
    const limit = setTimeout(() => fail(`was not ready within ${limitMs / 1000} s:`), limitMs);
    try {
      return new StartedProcess(child, await isReady.promise);
    } catch (cause) {
      await end(child);
      throw cause;
    } finally {
      clearTimeout(limit);
    }
  }

  get isRunning(): boolean {
    return isRunning(this.#child);
  }

  async stop(): Promise<void> {
    await end(this.#child);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const limit = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
  await exited;
  clearTimeout(limit);
}

function isRunning({ pid, exitCode, signalCode }: ChildProcess): boolean {
  return pid !== undefined && exitCode === null && signalCode === null;
}
