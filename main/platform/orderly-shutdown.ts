import { deferred } from '../lib/deferred.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';

export interface OrderlyShutdownOptions {
  clock: Clock;
  logger: Logger;
  /** For all steps together. Default 5,000. */
  budgetMs?: number;
}

/** What has to be closed when the program ends, and in which order: what was opened last goes first. */
export class OrderlyShutdown {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #budgetMs: number;
  readonly #steps: { name: string; close: () => Promise<void> | void }[] = [];
  #run: Promise<boolean> | undefined;

  constructor(options: OrderlyShutdownOptions) {
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#budgetMs = options.budgetMs ?? 5000;
  }

  /** Something that is open now. Once the shutdown has begun, it is closed at once. */
  add(name: string, close: () => Promise<void> | void): void {
    this.#steps.push({ name, close });
    if (this.#run) void this.#closeStep();
  }

  /** Closes everything, one after another; a step that fails does not stop the others. False when time ran out. Idempotent. */
  run(): Promise<boolean> {
    this.#run ??= this.#runOnce();
    return this.#run;
  }

  async #runOnce(): Promise<boolean> {
    const outOfTime = deferred<false>();
    const cancel = this.#clock.schedule(this.#budgetMs, () => outOfTime.resolve(false));
    const done = (async (): Promise<true> => {
      while (this.#steps.length > 0) await this.#closeStep();
      return true;
    })();
    const inTime = await Promise.race([done, outOfTime.promise]);
    cancel();
    if (!inTime) this.#logger.warn('shutdown took too long', { waiting: this.#steps.map(({ name }) => name) });
    return inTime;
  }

  async #closeStep(): Promise<void> {
    const step = this.#steps.at(-1);
    if (!step) return;
    try {
      await step.close();
    } catch (error) {
      this.#logger.error('closing failed', { part: step.name, error });
    } finally {
      // Only now, so that the step that hangs is the one that is named.
      const index = this.#steps.indexOf(step);
      if (index >= 0) this.#steps.splice(index, 1);
    }
  }
}
