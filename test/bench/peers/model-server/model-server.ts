import { join } from 'node:path';
import { StartedProcess } from '../session/started-process.ts';
import type { ModelServerRequest } from './server-process.ts';

const PROCESS = join(import.meta.dirname, 'server-process.ts');
const START_LIMIT_MS = 60_000;

/** The language model that both products use, as a server of this machine. */
export class ModelServer {
  readonly #process: StartedProcess;

  private constructor(process: StartedProcess) {
    this.#process = process;
  }

  /** Rejects with what it printed when the model cannot be loaded. */
  static async start(request: ModelServerRequest): Promise<ModelServer> {
    const started = await StartedProcess.start({
      name: "the language model's server",
      command: process.execPath,
      args: [PROCESS, JSON.stringify(request)],
      ready: /^listening on (\d+)$/,
      limitMs: START_LIMIT_MS,
    });
    return new ModelServer(started);
  }

  get pid(): number {
    return this.#process.pid;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#process.ready[1]}/v1`;
  }

  stop(): Promise<void> {
    return this.#process.stop();
  }
}
