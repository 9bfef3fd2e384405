import { ParleyError, type ErrorCode } from '../contract/errors.ts';
import type { ChildName, ChildStatus } from '../contract/state.ts';
import { abortError, onAbort } from '../lib/abort.ts';
import { deferred } from '../lib/deferred.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { ChildHost } from './child-host.ts';
import { childLimits, type ChildLimitOverrides, type ChildLimits } from './child-limits.ts';
import { ChildRun } from './child-run.ts';
import { decideRestart, type RestartHistory } from './restart-policy.ts';
import type { RpcCallOptions, RpcClient, RpcPeer } from './rpc-peer.ts';

export interface SupervisedChildOptions {
  name: ChildName;
  /** Plain data for the engine's worker. */
  config: unknown;
  host: ChildHost;
  clock: Clock;
  logger: Logger;
  limits?: ChildLimitOverrides;
}

/** What is true of the child; `busy` and `unresponsive` are ways of being up. */
type Phase = 'stopped' | 'starting' | 'up' | 'restarting' | 'failed';

/**
 * A child process that is kept alive: started, watched, restarted after failures, and at last given up.
 *
 * Calls made while it is (re)starting or silent wait for it, at most for the start limit. When it dies every pending call and stream is
 * rejected with the reason (`child-exited`, `child-unresponsive`, …) and the child's name as the stage; none is tried again.
 */
export class SupervisedChild implements RpcClient {
  readonly name: ChildName;
  readonly #host: ChildHost;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #limits: ChildLimits;
  readonly #statusListeners = new Set<(status: ChildStatus) => void>();
  readonly #notifyListeners = new Map<string, Set<(params: unknown) => void>>();
  #config: unknown;
  #phase: Phase = 'stopped';
  #responsive = true;
  #active = 0;
  #waiting = 0;
  #restarts = 0;
  #status: ChildStatus = 'stopped';
  #error: ParleyError | undefined;
  #history: RestartHistory = [];
  #run: ChildRun | undefined;
  #cancelTimer: (() => void) | undefined;
  #changed = deferred<void>();
  #stopping: Promise<void> | undefined;

  constructor(options: SupervisedChildOptions) {
    this.name = options.name;
    this.#config = options.config;
    this.#host = options.host;
    this.#clock = options.clock;
    this.#logger = options.logger.child({ child: options.name });
    this.#limits = childLimits(options.name, options.limits);
  }

  get status(): ChildStatus {
    return this.#status;
  }

  /** Restarts since `start()`. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Why it is restarting or has failed; undefined while it is well. */
  get error(): ParleyError | undefined {
    return this.#error;
  }

  get pid(): number | undefined {
    return this.#run?.pid;
  }

  /** Takes effect at the next start or restart. */
  configure(config: unknown): void {
    this.#config = config;
  }

  /**
   * Starts the child, also again after it failed or was stopped. Resolves when it is ready, which may take restarts; rejects with
   * the reason when it has failed, or with `cancelled` when it was stopped meanwhile.
   */
  async start(): Promise<void> {
    await this.#stopping;
    if (this.#phase === 'stopped' || this.#phase === 'failed') {
      const previous = this.#run;
      this.#history = [];
      this.#restarts = 0;
      this.#error = undefined;
      this.#enter('starting');
      await previous?.gone;
      if (this.#phase === 'starting' && this.#run === previous) this.#spawn();
    }
    while (this.#phase === 'starting' || this.#phase === 'restarting') await this.#changed.promise;
    if (this.#phase !== 'up') throw this.#notThere();
  }

  /** Ends the child in order and resolves when its process is gone. Pending and waiting calls are rejected with `cancelled`. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop().finally(() => {
      this.#stopping = undefined;
    });
    return this.#stopping;
  }

  onStatus(listener: (status: ChildStatus) => void): () => void {
    this.#statusListeners.add(listener);
    return () => this.#statusListeners.delete(listener);
  }

  /** Default limit: `callMs`. An elapsed limit also puts the engine's thread under suspicion of hanging. */
  async call<T>(method: string, params: unknown, options: RpcCallOptions = {}): Promise<T> {
    const peer = this.#peer ?? (await this.#available(options.signal));
    const run = this.#run;
    this.#changeActive(1);
    try {
      return await peer.call<T>(method, params, { timeoutMs: this.#limits.callMs, ...options });
    } catch (error) {
      this.#suspect(run, error);
      throw error;
    } finally {
      this.#changeActive(-1);
    }
  }

  async *stream<T>(method: string, params: unknown, options: RpcCallOptions = {}): AsyncGenerator<T, void, undefined> {
    const peer = this.#peer ?? (await this.#available(options.signal));
    const run = this.#run;
    this.#changeActive(1);
    try {
      yield* peer.stream<T>(method, params, { timeoutMs: this.#limits.callMs, ...options });
    } catch (error) {
      this.#suspect(run, error);
      throw error;
    } finally {
      this.#changeActive(-1);
    }
  }

  notify(method: string, params: unknown): void {
    if (this.#phase === 'up') this.#run?.peer.notify(method, params);
  }

  /** Stays in force over restarts. */
  onNotify(method: string, listener: (params: unknown) => void): () => void {
    let listeners = this.#notifyListeners.get(method);
    if (!listeners) {
      listeners = new Set();
      this.#notifyListeners.set(method, listeners);
      if (this.#run) this.#forward(this.#run.peer, method);
    }
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** The line to a child that can be asked right now. */
  get #peer(): RpcPeer | undefined {
    return this.#phase === 'up' && this.#responsive && !this.#stopping ? this.#run?.peer : undefined;
  }

  async #available(signal: AbortSignal | undefined): Promise<RpcPeer> {
    if (signal?.aborted) throw abortError(signal, this.name);
    if (this.#waiting >= this.#limits.maxWaiting) throw this.#newError('child-unresponsive', 'Too many calls wait.');
    const giveUp = deferred<never>();
    giveUp.promise.catch(() => {});
    const stopListening = onAbort(signal, () => giveUp.reject(abortError(signal!, this.name)));
    const stopTimer = this.#clock.schedule(this.#limits.startMs, () => giveUp.reject(this.#tooLate()));
    this.#waiting++;
    try {
      for (;;) {
        if (this.#phase === 'stopped' || this.#phase === 'failed' || this.#stopping) throw this.#notThere();
        const peer = this.#peer;
        if (peer) return peer;
        await Promise.race([this.#changed.promise, giveUp.promise]);
      }
    } finally {
      this.#waiting--;
      stopListening();
      stopTimer();
    }
  }

  #spawn(): void {
    const startedAtMs = this.#clock.nowMs();
    const run: ChildRun = new ChildRun({
      name: this.name,
      config: this.#config,
      child: this.#host.spawn(this.name),
      clock: this.#clock,
      limits: this.#limits,
      events: {
        onReady: () => {
          this.#logger.info('Child is ready.', { pid: run.pid, startMs: this.#clock.nowMs() - startedAtMs });
          this.#up();
        },
        onResponsive: (responsive) => {
          if (responsive) this.#logger.info('Child answers again.');
          else this.#logger.warn('Child does not answer.', { pid: run.pid });
          this.#responsive = responsive;
          this.#publish();
        },
        onLost: (error) => this.#lost(run, error),
      },
    });
    this.#run = run;
    this.#responsive = true;
    for (const method of this.#notifyListeners.keys()) this.#forward(run.peer, method);
  }

  #up(): void {
    this.#error = undefined;
    this.#setTimer(this.#limits.restart.stableMs, () => (this.#history = []));
    this.#enter('up');
  }

  #lost(run: ChildRun, error: ParleyError): void {
    this.#clearTimer();
    void this.#logEnd(run, error);
    // An engine that says why it cannot load, and that trying again is no use, would say so three times more.
    const hopeless = this.#phase !== 'up' && !error.retryable;
    const decision = decideRestart(this.#history, this.#clock.nowMs(), this.#limits.restart);
    if (hopeless || decision.type === 'give-up') {
      this.#error = hopeless ? error : this.#newError('child-gave-up', `Failed too often, at last: ${error.message}`);
      this.#enter('failed');
      return;
    }
    this.#error = error;
    this.#history = decision.history;
    this.#restarts++;
    this.#enter('restarting');
    // The next process may need what this one still holds: a sound device, memory.
    void run.gone.then(() => {
      if (this.#run !== run || this.#phase !== 'restarting') return;
      this.#setTimer(decision.delayMs, () => this.#spawn());
    });
  }

  async #stop(): Promise<void> {
    this.#clearTimer();
    // Before anything is awaited: waiting calls look at it.
    await Promise.resolve();
    this.#wake();
    await this.#run?.stop();
    this.#error = undefined;
    this.#enter('stopped');
  }

  async #logEnd(run: ChildRun, error: ParleyError): Promise<void> {
    const exit = await run.gone;
    this.#logger.warn('Child was lost.', {
      code: error.code,
      reason: error.message,
      exitCode: exit?.code,
      exitSignal: exit?.signal,
      status: this.#status,
      stderr: run.stderrLines,
    });
  }

  #forward(peer: RpcPeer, method: string): void {
    peer.onNotify(method, (params) => {
      for (const listener of this.#notifyListeners.get(method) ?? []) listener(params);
    });
  }

  #suspect(run: ChildRun | undefined, error: unknown): void {
    if (error instanceof ParleyError && error.code === 'call-timeout') run?.suspectThread();
  }

  #changeActive(by: 1 | -1): void {
    this.#active += by;
    this.#publish();
  }

  #enter(phase: Phase): void {
    this.#phase = phase;
    this.#publish();
  }

  #publish(): void {
    this.#wake();
    const status = this.#currentStatus();
    if (status === this.#status) return;
    this.#status = status;
    for (const listener of this.#statusListeners) listener(status);
  }

  #currentStatus(): ChildStatus {
    if (this.#phase !== 'up') return this.#phase;
    if (!this.#responsive) return 'unresponsive';
    return this.#active > 0 ? 'busy' : 'ready';
  }

  #wake(): void {
    const changed = this.#changed;
    this.#changed = deferred();
    changed.resolve();
  }

  #setTimer(delayMs: number, callback: () => void): void {
    this.#clearTimer();
    this.#cancelTimer = this.#clock.schedule(delayMs, callback);
  }

  #clearTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #tooLate(): ParleyError {
    const code = this.#phase === 'up' ? 'child-unresponsive' : 'child-start-timeout';
    return this.#newError(code, 'The child was not there in time for the call.');
  }

  #notThere(): ParleyError {
    if (this.#phase === 'failed' && this.#error) return this.#error;
    return this.#newError('cancelled', 'The child was stopped.');
  }

  #newError(code: ErrorCode, message: string): ParleyError {
    return new ParleyError({ code, stage: this.name, message, retryable: code !== 'child-gave-up' });
  }
}
