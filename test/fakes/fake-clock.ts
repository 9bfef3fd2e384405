import type { Clock } from '../../main/ports/clock.ts';

interface Timer {
  dueMs: number;
  order: number;
  callback: () => void;
}

// Taken when the module loads, so that a test which also replaces the global timers cannot hang us.
const nextMacrotask = globalThis.setImmediate;

/** Time that moves only when a test says so. */
export class FakeClock implements Clock {
  #nowMs: number;
  #timers: Timer[] = [];
  #order = 0;

  constructor(startMs = 0) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  schedule(delayMs: number, callback: () => void): () => void {
    const timer: Timer = { dueMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Timers that have not fired. Zero at the end of a test means that nothing was left behind. */
  get pendingCount(): number {
    return this.#timers.length;
  }

  /** Time passes as in a machine that sleeps: what falls due runs late, at the next `advance`. */
  sleep(ms: number): void {
    this.#nowMs += ms;
  }

  /** Moves time and runs what falls due, in order of due time, each at its own moment; also what those callbacks schedule. */
  advance(ms: number): void {
    const targetMs = this.#nowMs + ms;
    for (let timer = this.#takeDue(targetMs); timer; timer = this.#takeDue(targetMs)) this.#fire(timer);
    this.#nowMs = targetMs;
  }

  /** The same, and after each callback (and before the first) lets promises and messages settle, so that their timers count too. */
  async advanceAsync(ms: number): Promise<void> {
    const targetMs = this.#nowMs + ms;
    await settle();
    for (let timer = this.#takeDue(targetMs); timer; timer = this.#takeDue(targetMs)) {
      this.#fire(timer);
      await settle();
    }
    this.#nowMs = targetMs;
    await settle();
  }

  #fire(timer: Timer): void {
    this.#nowMs = Math.max(this.#nowMs, timer.dueMs);
    timer.callback();
  }

  #takeDue(targetMs: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.dueMs > targetMs) continue;
      if (!first || timer.dueMs < first.dueMs || (timer.dueMs === first.dueMs && timer.order < first.order))
        first = timer;
    }
    if (first) this.#timers = this.#timers.filter((other) => other !== first);
    return first;
  }
}

/** Lets everything that is ready to run in this process run: promises, microtasks, ports of this process. */
export async function settle(rounds = 3): Promise<void> {
  for (let round = 0; round < rounds; round++) await new Promise<void>((resolve) => nextMacrotask(resolve));
}
