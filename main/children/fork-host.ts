import { fork } from 'node:child_process';
import { childEntry } from './child-entry.ts';
import { childEnvironment } from './child-environment.ts';
import type { ChildExit, ChildHost, HostedChild, HostedName } from './child-host.ts';
import { ipcLink, type IpcEnd } from './ipc-link.ts';

/** Children as plain Node processes. */
export class ForkHost implements ChildHost {
  readonly #entriesDir: string;
  readonly #environment: Record<string, string>;

  /** `entriesDir` holds `<name>-child.(js|ts)` and `<name>-worker.(js|ts)`. */
  constructor(options: { entriesDir: string; environment?: NodeJS.ProcessEnv }) {
    this.#entriesDir = options.entriesDir;
    this.#environment = childEnvironment(options.environment ?? process.env);
  }

  spawn(name: HostedName): HostedChild {
    const child = fork(childEntry(this.#entriesDir, name), [], {
      env: this.#environment,
      // Ours may hold a debugger's port or a loader of the test runner.
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    child.stderr?.setEncoding('utf8');
    return {
      pid: child.pid,
      link: ipcLink(child as IpcEnd),
      kill: () => void child.kill('SIGKILL'),
      onExit(listener) {
        let exit: ChildExit | undefined;
        let stderrOpen = child.stderr !== null;
        const tell = () => {
          if (exit && !stderrOpen) listener(exit);
        };
        child.once('exit', (code, signal) => {
          exit = { code, signal };
          tell();
        });
        // Its last words may be read after its end. (The `close` event stays away when we have disconnected before.)
        child.stderr?.once('close', () => {
          stderrOpen = false;
          tell();
        });
        // A process that could not be started never exits.
        child.on('error', () => child.pid === undefined && listener({ code: null, signal: null }));
      },
      onStderr: (listener) => void child.stderr?.on('data', listener),
    };
  }
}
