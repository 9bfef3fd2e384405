import { ParleyError, type ErrorCode } from '../contract/errors.ts';
import type { ChildName, ChildStatus } from '../contract/state.ts';
import { abortError, onAbort } from '../lib/abort.ts';
import { deferred } from '../lib/deferred.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { ChildHost } from './child-host.ts';
import { childLimits, type ChildLimitOverrides, type ChildLimits } from './child-limits.ts';
import { ChildRun } from './child-run.ts';
import { ChildState, type ChildPhase } from './child-state.ts';
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

/**
 * A child process that is kept alive: started, watched, restarted after failures, and at last given up.
 *
 * Calls made while it is (re)starting or silent wait for it, at most for the start limit. When it dies every pending call and
 * stream is rejected with the reason (`child-exited`, `child-unresponsive`, …) and the child's name as the stage; none is tried
 * again. A call to a stopped child is rejected with `cancelled`, to a failed one with `error`.
 */
export class SupervisedChild implements RpcClient {
  readonly name: ChildName;
  readonly #host: ChildHost;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #limits: ChildLimits;
  readonly #state = new ChildState();
  readonly #notifyListeners = new Map<string, Set<(params: unknown) => void>>();
  #config: unknown;
  #waiting = 0;
  #restarts = 0;
  #timeoutsInRow = 0;
  #error: ParleyError | undefined;
  #history: RestartHistory = [];
  #run: ChildRun | undefined;
  #cancelTimer: (() => void) | undefined;

  constructor(options: SupervisedChildOptions) {
    this.name = options.name;
    this.#config = options.config;
    this.#host = options.host;
    this.#clock = options.clock;
    this.#logger = options.logger.child({ child: options.name });
    this.#limits = childLimits(options.name, options.limits);
  }

  get status(): ChildStatus {
    return this.#state.status;
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
   * Starts the child, also again after it failed or was stopped; from here on calls wait for it. Resolves when it is ready, which may take restarts; rejects with
   * the reason when it has failed, or with `cancelled` when it was stopped meanwhile.
   */
  async start(): Promise<void> {
    if (this.#isIn('stopped', 'failed')) await this.#begin();
    while (this.#isIn('starting', 'restarting')) await this.#state.changed;
    if (!this.#isIn('up')) throw this.#notThere();
  }

  /**
   * Ends the child in order and resolves when its process is gone. The status is `stopped` at once; pending and waiting calls are
   * rejected with `cancelled`.
   */
  async stop(): Promise<void> {
    this.#clearTimer();
    this.#error = undefined;
    this.#state.enter('stopped');
    await this.#run?.stop();
  }

  onStatus(listener: (status: ChildStatus) => void): () => void {
    return this.#state.onStatus(listener);
  }

  /** Default limit: `callMs`. An elapsed limit also puts the engine's thread under suspicion of hanging. */
  async call<T>(method: string, params: unknown, options: RpcCallOptions = {}): Promise<T> {
    const run = this.#availableRun ?? (await this.#whenAvailable(options.signal));
    this.#state.changeActive(1);
    try {
      const value = await run.peer.call<T>(method, params, this.#limited(options));
      this.#timeoutsInRow = 0;
      return value;
    } catch (error) {
      this.#suspect(run, error);
      throw error;
    } finally {
      this.#state.changeActive(-1);
    }
  }

  /** Default limit of the wait for each item: `callMs`. */
  async *stream<T>(method: string, params: unknown, options: RpcCallOptions = {}): AsyncGenerator<T, void, undefined> {
    const run = this.#availableRun ?? (await this.#whenAvailable(options.signal));
    this.#state.changeActive(1);
    try {
      yield* run.peer.stream<T>(method, params, this.#limited(options));
      this.#timeoutsInRow = 0;
    } catch (error) {
      this.#suspect(run, error);
      throw error;
    } finally {
      this.#state.changeActive(-1);
    }
  }

  notify(method: string, params: unknown): void {
    if (this.#isIn('up')) this.#run?.peer.notify(method, params);
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

  get #availableRun(): ChildRun | undefined {
    return this.#state.available ? this.#run : undefined;
  }

  async #whenAvailable(signal: AbortSignal | undefined): Promise<ChildRun> {
    if (signal?.aborted) throw abortError(signal, this.name);
    if (this.#waiting >= this.#limits.maxWaiting) throw this.#newError('child-unresponsive', 'Too many calls wait.');
    const giveUp = deferred<never>();
    giveUp.promise.catch(() => {});
    const stopListening = onAbort(signal, () => giveUp.reject(abortError(signal!, this.name)));
    const stopTimer = this.#clock.schedule(this.#limits.startMs, () => giveUp.reject(this.#tooLate()));
    this.#waiting++;
    try {
      for (;;) {
        if (this.#isIn('stopped', 'failed')) throw this.#notThere();
        const run = this.#availableRun;
        if (run) return run;
        await Promise.race([this.#state.changed, giveUp.promise]);
      }
    } finally {
      this.#waiting--;
      stopListening();
      stopTimer();
    }
  }

  async #begin(): Promise<void> {
    const previous = this.#run;
    this.#history = [];
    this.#restarts = 0;
    this.#error = undefined;
    this.#state.enter('starting');
    if (previous) await previous.gone;
    // It may have been stopped, and even started again, while the process before was going.
    if (this.#isIn('starting') && this.#run === previous) this.#spawn();
  }

  #spawn(): void {
    const startedAtMs = this.#clock.nowMs();
    this.#timeoutsInRow = 0;
    let child;
    try {
      child = this.#host.spawn(this.name);
    } catch (cause) {
      const error = new ParleyError({ code: 'child-exited', stage: this.name, retryable: true, cause });
      this.#recover(error, Promise.resolve());
      return;
    }
    const run: ChildRun = new ChildRun({
      name: this.name,
      config: this.#config,
      child,
      clock: this.#clock,
      limits: this.#limits,
      events: {
        onReady: () => this.#up(run, startedAtMs),
        onResponsive: (responsive) => {
          if (responsive) this.#logger.info('Child answers again.', { pid: run.pid });
          else this.#logger.warn('Child does not answer.', { pid: run.pid });
          this.#state.setResponsive(responsive);
        },
        onLost: (error) => {
          this.#recover(error, run.gone);
          void this.#logEnd(run, error);
        },
      },
    });
    this.#run = run;
    for (const method of this.#notifyListeners.keys()) this.#forward(run.peer, method);
  }

  #up(run: ChildRun, startedAtMs: number): void {
    this.#logger.info('Child is ready.', { pid: run.pid, startMs: this.#clock.nowMs() - startedAtMs });
    this.#error = undefined;
    this.#setTimer(this.#limits.restart.stableMs, () => (this.#history = []));
    this.#state.enter('up');
  }

  /** Restarts once the process is gone, or gives up. */
  #recover(error: ParleyError, gone: Promise<unknown>): void {
    this.#clearTimer();
    // An engine that says why it cannot load, and that trying again is no use, would say so three times more.
    const hopeless = !this.#isIn('up') && !error.retryable;
    const decision = decideRestart(this.#history, this.#clock.nowMs(), this.#limits.restart);
    if (hopeless || decision.type === 'give-up') {
      this.#error = hopeless ? error : this.#newError('child-gave-up', `Failed too often, at last: ${error.message}`);
      this.#state.enter('failed');
      return;
    }
    this.#error = error;
    this.#history = decision.history;
    this.#restarts++;
    this.#state.enter('restarting');
    // The next process may need what this one still holds: a sound device, memory.
    void gone.then(() => {
      if (this.#error === error) this.#setTimer(decision.delayMs, () => this.#spawn());
    });
  }

  async #logEnd(run: ChildRun, error: ParleyError): Promise<void> {
    const status = this.status;
    const exit = await run.gone;
    this.#logger.warn('Child was lost.', {
      code: error.code,
      reason: error.message,
      exitCode: exit?.code,
      exitSignal: exit?.signal,
      pid: run.pid,
      status,
      stderr: run.stderrLines,
    });
  }

  #forward(peer: RpcPeer, method: string): void {
    peer.onNotify(method, (params) => {
      for (const listener of this.#notifyListeners.get(method) ?? []) listener(params);
    });
  }

  #limited(options: RpcCallOptions): RpcCallOptions {
    return { ...options, timeoutMs: options.timeoutMs ?? this.#limits.callMs };
  }

  /** A thread that answers its heartbeat may still have lost an engine that runs threads of its own. */
  #suspect(run: ChildRun, error: unknown): void {
    if (run !== this.#run || !(error instanceof ParleyError) || error.code !== 'call-timeout') return;
    if (++this.#timeoutsInRow >= this.#limits.maxTimeoutsInRow) run.giveUp();
    else run.suspectThread();
  }

  #isIn(...phases: ChildPhase[]): boolean {
    return phases.includes(this.#state.phase);
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
    const code = this.#isIn('up') ? 'child-unresponsive' : 'child-start-timeout';
    return this.#newError(code, 'The child was not there in time for the call.');
  }

  #notThere(): ParleyError {
    return this.#error ?? this.#newError('cancelled', 'The child was stopped.');
  }

  #newError(code: ErrorCode, message: string): ParleyError {
    return new ParleyError({ code, stage: this.name, message, retryable: code !== 'child-gave-up' });
  }
}
