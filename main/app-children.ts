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
  /** Made, and not (any more) in service: stopped with the rest. */
  readonly #spare = new Set<SupervisedChild>();
  #onListenLost: (error: SerialisedError) => void = () => {};

  constructor(options: AppChildrenOptions) {
    this.#options = options;
  }

  /** Makes a child and puts it in service; it is not started yet. */
  add(name: ChildName, config: unknown): SupervisedChild {
    const child = this.spare(name, config);
    this.#enter(child);
    return child;
  }

  /** Makes a child that nobody is shown; it is not started yet. `replace` puts it in service, `discard` ends it. */
  spare(name: ChildName, config: unknown): SupervisedChild {
    const { childHost: host, clock, logger } = this.#options;
    const child = new SupervisedChild({ name, config, host, clock, logger });
    this.#spare.add(child);
    child.onStatus((status) => this.#onStatus(child, status));
    return child;
  }

  /** Puts a spare child in service, and what served before aside: that one is given back, and is `discard`ed by the caller. */
  replace(child: SupervisedChild): SupervisedChild | undefined {
    const before = this.#children.get(child.name);
    if (before) this.#spare.add(before);
    this.#enter(child);
    this.#onStatus(child, child.status);
    return before;
  }

  /** Ends a child that is not in service. Resolves when its process is gone. */
  async discard(child: SupervisedChild): Promise<void> {
    await child.stop();
    this.#spare.delete(child);
  }

  inService(name: ChildName): SupervisedChild | undefined {
    return this.#children.get(name);
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
    await Promise.all([...this.#children.values(), ...this.#spare].map((child) => child.stop()));
  }

  #enter(child: SupervisedChild): void {
    this.#spare.delete(child);
    this.#children.set(child.name, child);
  }

  #onStatus(child: SupervisedChild, status: ChildStatus): void {
    if (this.#children.get(child.name) !== child) return;
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
