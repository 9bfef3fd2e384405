import type { ChildHost } from './children/child-host.ts';
import { SupervisedChild } from './children/supervised-child.ts';
import type { SerialisedError } from './contract/errors.ts';
import type { ChildName, ChildStatus } from './contract/state.ts';
import type { AppStateStore } from './pipeline/app-state-store.ts';
import type { Clock } from './ports/clock.ts';
import type { Logger } from './ports/logger.ts';

export interface AppChildrenOptions {
  clock: Clock;
  logger: Logger;
  childHost: ChildHost;
  store: AppStateStore;
  report(error: SerialisedError): void;
}

/** The app's child processes: started and stopped together, their state and their failures shown. */
export class AppChildren {
  readonly #options: AppChildrenOptions;
  readonly #children = new Map<ChildName, SupervisedChild>();
  #onListenLost: (error: SerialisedError) => void = () => {};

  constructor(options: AppChildrenOptions) {
    this.#options = options;
  }

  /** Makes a child; it is not started yet. */
  add(name: ChildName, config: unknown): SupervisedChild {
    const { childHost: host, clock, logger } = this.#options;
    const child = new SupervisedChild({ name, config, host, clock, logger });
    this.#children.set(name, child);
    child.onStatus((status) => this.#onStatus(child, status));
    return child;
  }

  /** The listening process is gone; it may come back, but what it was hearing is lost. */
  onListenLost(listener: (error: SerialisedError) => void): void {
    this.#onListenLost = listener;
  }

  /** Starts the engines (the audio child is started by whoever opens a device). Rejects with the first that cannot be had. */
  async start(): Promise<void> {
    const engines = [...this.#children].filter(([name]) => name !== 'audio').map(([, child]) => child.start());
    const results = await Promise.allSettled(engines);
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#children.values()].map((child) => child.stop()));
  }

  #onStatus(child: SupervisedChild, status: ChildStatus): void {
    const { store, report } = this.#options;
    const children = [...this.#children.values()].map(({ name, status, restarts }) => ({ name, status, restarts }));
    const isWell = status === 'ready' || status === 'busy';
    const problems = isWell
      ? store.state.problems.filter(({ error }) => !(error.stage === child.name && error.code.startsWith('child-')))
      : store.state.problems;
    store.update({ children, problems });
    const error = child.error?.serialise();
    if (!error) return;
    if (child.name === 'listen' && (status === 'restarting' || status === 'failed')) this.#onListenLost(error);
    if (status === 'failed') report(error);
  }
}
