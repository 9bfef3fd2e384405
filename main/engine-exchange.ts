import type { AppChildren } from './app-children.ts';
import type { SupervisedChild } from './children/supervised-child.ts';
import { ParleyError } from './contract/errors.ts';
import type { ChildName } from './contract/state.ts';
import type { ConfiguredEngine } from './engine-configs.ts';
import { untilAborted } from './lib/until-aborted.ts';
import type { TurnGap } from './pipeline/turn-gap.ts';

export interface EngineExchangeOptions<Engine extends ConfiguredEngine<unknown>, Port> {
  name: Exclude<ChildName, 'audio'>;
  children: AppChildren;
  gap: TurnGap;
  /** What the system could give to programs without swapping. */
  freeMemoryBytes(): number;
  connect(child: SupervisedChild, engine: Engine): Port;
  /** Has the loaded engine do some work, so that it is warm and known to work. Throws when it does not. */
  prove(port: Port, signal: AbortSignal): Promise<void>;
  /** Calls go to this engine from now on. */
  takeOver(port: Port, engine: Engine): void;
}

/** The engine in service. */
export interface EngineInService<Engine, Port> {
  engine: Engine;
  port: Port;
}

export type ExchangePhase = 'loading' | 'waiting';

/** Left free beside a new engine: two models that swap to disk are worse than a pause. */
const MEMORY_MARGIN_BYTES = 400_000_000;

/**
 * Exchanges the engine of one child while the app runs. The new one is loaded in a child of its own, does some work, and takes over
 * when nobody has the floor; only then the old one is ended. Whatever fails before that leaves the old one in service. Where memory
 * does not suffice for both, the child is started again with the new engine, and with the old one if that fails.
 */
export class EngineExchange<Engine extends ConfiguredEngine<unknown>, Port> {
  readonly #options: EngineExchangeOptions<Engine, Port>;
  #inService: EngineInService<Engine, Port> | null;
  #latest: AbortController | null = null;
  #settled: Promise<void> = Promise.resolve();

  constructor(options: EngineExchangeOptions<Engine, Port>, inService: EngineInService<Engine, Port> | null) {
    this.#options = options;
    this.#inService = inService;
  }

  /**
   * Resolves when the engine is in service. A newer call gives up an older one, which rejects with `cancelled`. Throws what
   * `configure` throws, and why the engine could not be loaded.
   */
  exchange(configure: () => Promise<Engine>, onPhase: (phase: ExchangePhase) => void): Promise<void> {
    const abort = new AbortController();
    this.#latest?.abort(this.#error('cancelled', 'another engine was chosen'));
    this.#latest = abort;
    const run = this.#settled.then(async () => {
      abort.signal.throwIfAborted();
      const engine = await configure();
      onPhase('loading');
      const { memoryBytes } = engine;
      const fitsBeside = this.#options.freeMemoryBytes() >= memoryBytes + MEMORY_MARGIN_BYTES;
      const present = this.#options.children.inService(this.#options.name);
      if (fitsBeside || !present || !this.#inService) await this.#beside(engine, abort, onPhase);
      else await this.#inPlace(engine, { present, before: this.#inService, signal: abort.signal });
    });
    this.#settled = run.catch(() => {});
    return run;
  }

  /** Gives up an exchange that is under way. */
  close(): Promise<void> {
    this.#latest?.abort(this.#error('cancelled', 'the app ends'));
    return this.#settled;
  }

  async #beside(engine: Engine, abort: AbortController, onPhase: (phase: ExchangePhase) => void): Promise<void> {
    const { name, children, connect, prove, gap } = this.#options;
    const { signal } = abort;
    const child = children.spare(name, engine.config);
    // One try: an engine that dies while it loads would die again, and the old one is still there.
    const stopWatching = child.onStatus((status) => {
      if (status === 'restarting' || status === 'failed') abort.abort(child.error);
    });
    try {
      await untilAborted(child.start(), signal, name);
      const port = connect(child, engine);
      await untilAborted(prove(port, signal), signal, name);
      onPhase('waiting');
      const before = await gap.run(() => {
        const replaced = children.replace(child);
        this.#takeOver(port, engine);
        return replaced;
      }, signal);
      if (before) void children.discard(before);
    } catch (cause) {
      void children.discard(child);
      throw signal.aborted ? signal.reason : cause;
    } finally {
      stopWatching();
    }
  }

  /** Calls that come meanwhile wait for the child. */
  async #inPlace(
    engine: Engine,
    options: { present: SupervisedChild; before: EngineInService<Engine, Port>; signal: AbortSignal },
  ): Promise<void> {
    const { connect, prove, gap } = this.#options;
    const { present, before, signal } = options;
    const port = connect(present, engine);
    await gap.run(() => {
      this.#restart(present, engine.config);
      // Before it has loaded: what is said meanwhile is said at the new voice's rate.
      this.#takeOver(port, engine);
    }, signal);
    try {
      await present.start();
      await prove(port, AbortSignal.timeout(PROOF_LIMIT_MS));
    } catch (cause) {
      this.#restart(present, before.engine.config);
      this.#takeOver(before.port, before.engine);
      await present.start();
      throw cause;
    }
  }

  #restart(child: SupervisedChild, config: unknown): void {
    child.configure(config);
    void child.stop();
    // It waits for the process before; from here on calls wait for it.
    child.start().catch(() => {});
  }

  #takeOver(port: Port, engine: Engine): void {
    this.#inService = { port, engine };
    this.#options.takeOver(port, engine);
  }

  #error(code: 'cancelled', message: string): ParleyError {
    return new ParleyError({ code, stage: this.#options.name, message, retryable: true });
  }
}

const PROOF_LIMIT_MS = 60_000;
