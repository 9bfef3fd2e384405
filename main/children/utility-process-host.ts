import type { utilityProcess } from 'electron';
import { childEntry } from './child-entry.ts';
import { childEnvironment } from './child-environment.ts';
import type { ChildHost, HostedChild, HostedName } from './child-host.ts';
import { utilityProcessLink } from './utility-process-link.ts';

/** Children as Electron's utility processes. `fork` is `utilityProcess.fork`, injected so that only the shell loads Electron. */
export class UtilityProcessHost implements ChildHost {
  readonly #entriesDir: string;
  readonly #environment: Record<string, string>;
  readonly #fork: typeof utilityProcess.fork;

  constructor(options: { entriesDir: string; environment?: NodeJS.ProcessEnv; fork: typeof utilityProcess.fork }) {
    this.#entriesDir = options.entriesDir;
    this.#environment = childEnvironment(options.environment ?? process.env);
    this.#fork = options.fork;
  }

  spawn(name: HostedName): HostedChild {
    const child = this.#fork(childEntry(this.#entriesDir, name), [], {
      env: this.#environment,
      execArgv: [],
      serviceName: `Parley ${name}`,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    return {
      get pid() {
        return child.pid;
      },
      link: utilityProcessLink(child),
      kill: () => killNow(child),
      // Electron reports no signal; a killed child has a code that is not zero.
      onExit: (listener) => void child.once('exit', (code) => listener({ code, signal: null })),
      onStderr(listener) {
        child.stderr?.on('data', (chunk: Buffer | string) => listener(chunk.toString()));
      },
    };
  }
}

/** Electron's own kill asks with SIGTERM, which a child with a hung event loop may never answer. */
function killNow(child: { pid?: number | undefined; kill(): boolean }): void {
  if (child.pid === undefined || process.platform === 'win32') {
    child.kill();
    return;
  }
  try {
    process.kill(child.pid, 'SIGKILL');
  } catch {
    // It has gone by itself.
  }
}
