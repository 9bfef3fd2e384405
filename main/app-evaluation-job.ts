import type { ChildHost } from './children/child-host.ts';
import { ParleyError } from './contract/errors.ts';
import type { EvaluationRun } from './contract/evaluation.ts';
import type { JobOptions } from './evaluation/panel/evaluation-job.ts';
import type { EvaluationParts } from './evaluation/panel/evaluation-parts.ts';
import { priceTable } from './evaluation/panel/price-table.ts';
import { fileError } from './evaluation/panel/run-shelf.ts';
import type { ParleyPaths } from './platform/paths.ts';
import type { EnvironmentSecrets } from './platform/secrets.ts';
import type { SecretKeeper } from './platform/secrets-store.ts';
import type { SettingsStore } from './platform/settings.ts';
import type { Clock } from './ports/clock.ts';
import type { Logger } from './ports/logger.ts';

/** What measuring takes of the app around it. */
export interface EvaluationHost {
  clock: Clock;
  logger: Logger;
  paths: ParleyPaths;
  settings: SettingsStore;
  /** Of the environment. */
  secrets: EnvironmentSecrets;
  keyKeeper: SecretKeeper;
  childHost: ChildHost;
  /** The conversation waits, or goes on. */
  pause(paused: boolean): void;
}

export interface AppEvaluationJobOptions extends EvaluationHost {
  priceFile: string;
  stamp(): string;
  /** What is to be seen of the job is another. */
  changed(): void;
  /** Not called once the app ends. */
  over(runId: string, outcome: { notice: string } | { error: ParleyError }): Promise<void>;
}

/** What is measured now: one thing at a time, while the conversation waits. */
export class AppEvaluationJob {
  readonly #options: AppEvaluationJobOptions;
  readonly #closing = new AbortController();
  #running: { state: EvaluationRun; abort: AbortController; over: Promise<void> } | null = null;

  constructor(options: AppEvaluationJobOptions) {
    this.#options = options;
  }

  /** Null: nothing is measured. */
  get state(): EvaluationRun | null {
    return this.#running && { ...this.#running.state };
  }

  /** Returns at once; `over` tells what came of `work`. */
  begin(
    given: Omit<EvaluationRun, 'done' | 'current' | 'leftSeconds' | 'phase' | 'isStopping'> & { leftSeconds?: number },
    { folder, parts }: { folder: string; parts: EvaluationParts },
    work: (options: JobOptions) => Promise<string>,
  ): void {
    const { settings, clock, logger, paths, secrets, keyKeeper, childHost, priceFile, stamp, changed } = this.#options;
    const common = { clock, logger, paths, secrets, keyKeeper, childHost, runId: given.runId };
    const begun = { done: 0, current: null, leftSeconds: 0, phase: 'preparing', isStopping: false } as const;
    const abort = new AbortController();
    const running = { state: { ...begun, ...given } as EvaluationRun, abort, over: Promise.resolve() };
    const current = settings.current;
    this.#running = running;
    this.#options.pause(true);
    const job: JobOptions = {
      folder,
      openBench: (options) => parts.bench({ ...common, ...options }),
      settings: current,
      engineFiles: parts.engineFiles(current, paths),
      clock,
      stamp,
      prices: () => priceTable(priceFile),
      signal: abort.signal,
      closing: this.#closing.signal,
      tell: (change) => {
        Object.assign(running.state, change);
        changed();
      },
    };
    running.over = work(job).then(
      (notice) => this.#over(given.runId, { notice }),
      (cause: unknown) => this.#over(given.runId, { error: fileError(cause) }),
    );
    changed();
  }

  /** Ends it as soon as may be; what was measured is kept. Nothing happens when nothing is measured. */
  stop(): void {
    if (!this.#running) return;
    this.#running.state.isStopping = true;
    this.#running.abort.abort(stopped('the user has stopped it'));
    this.#options.changed();
  }

  /** Ends it for good; it can be resumed in the next run of the app. */
  async close(): Promise<void> {
    this.#closing.abort(stopped('the app ends'));
    this.#running?.abort.abort(this.#closing.signal.reason);
    await this.#running?.over;
  }

  async #over(runId: string, outcome: { notice: string } | { error: ParleyError }): Promise<void> {
    this.#running = null;
    if (this.#closing.signal.aborted) return;
    this.#options.pause(false);
    await this.#options.over(runId, outcome);
  }
}

function stopped(message: string): ParleyError {
  return new ParleyError({ code: 'cancelled', stage: 'app', message });
}
