import type { Clock } from '../ports/clock.ts';

export interface HeartbeatLimits {
  intervalMs: number;
  /** Unanswered pings after which the child counts as unresponsive, and after which it is given up. */
  warnMisses: number;
  killMisses: number;
  /** The same for the engine's thread, which is silent in earnest while native code computes. */
  threadWarnMisses: number;
  threadKillMisses: number;
  /** The same for a thread that has let a call's deadline pass. */
  suspectKillMisses: number;
}

export const DEFAULT_HEARTBEAT_LIMITS: HeartbeatLimits = {
  intervalMs: 1000,
  warnMisses: 3,
  killMisses: 8,
  threadWarnMisses: 15,
  threadKillMisses: 45,
  suspectKillMisses: 3,
};

export interface HeartbeatEvents {
  ping(seq: number): void;
  /** First stage: the child has become silent, or has answered again. */
  onResponsive(responsive: boolean): void;
  /** Second stage: it will not come back. Called once; the heartbeat has stopped by then. */
  onDead(part: 'process' | 'thread'): void;
}

/**
 * Two-stage heartbeat. Silence is counted in unanswered pings and not by the clock: when this process was itself held up, or the
 * machine slept, no pings were sent and so none is missing.
 */
export class Heartbeat {
  readonly #clock: Clock;
  readonly #limits: HeartbeatLimits;
  readonly #events: HeartbeatEvents;
  #sent = 0;
  #answered = 0;
  #threadAnswered = 0;
  /** Pings sent when the thread came under suspicion. */
  #suspectedAt: number | undefined;
  #responsive = true;
  #stopTimer: (() => void) | undefined;

  constructor(options: { clock: Clock; limits: HeartbeatLimits; events: HeartbeatEvents }) {
    this.#clock = options.clock;
    this.#limits = options.limits;
    this.#events = options.events;
  }

  start(): void {
    this.#stopTimer = this.#clock.schedule(this.#limits.intervalMs, () => this.#tick());
  }

  stop(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
  }

  /** The process answered. */
  pong(seq: number): void {
    this.#answered = Math.max(this.#answered, seq);
    this.#judge();
  }

  /** The engine's thread answered. */
  threadPong(seq: number): void {
    this.#threadAnswered = Math.max(this.#threadAnswered, seq);
    if (this.#suspectedAt !== undefined && this.#threadAnswered > this.#suspectedAt) this.#suspectedAt = undefined;
    this.#judge();
  }

  /** A call's deadline has passed: the thread hangs, or has forgotten the call. It counts as unresponsive until it answers. */
  suspectThread(): void {
    if (!this.#stopTimer || this.#suspectedAt !== undefined) return;
    this.#suspectedAt = this.#sent;
    this.#events.ping(++this.#sent);
    this.#judge();
  }

  #tick(): void {
    const dead = this.#deadPart();
    if (dead) {
      this.stop();
      this.#events.onDead(dead);
      return;
    }
    this.#events.ping(++this.#sent);
    this.#judge();
    this.start();
  }

  #deadPart(): 'process' | 'thread' | undefined {
    const { killMisses, threadKillMisses, suspectKillMisses } = this.#limits;
    if (this.#sent - this.#answered >= killMisses) return 'process';
    if (this.#sent - this.#threadAnswered >= threadKillMisses) return 'thread';
    if (this.#suspectedAt !== undefined && this.#sent - this.#suspectedAt >= suspectKillMisses) return 'thread';
    return undefined;
  }

  #judge(): void {
    const responsive =
      this.#sent - this.#answered < this.#limits.warnMisses &&
      this.#sent - this.#threadAnswered < this.#limits.threadWarnMisses &&
      this.#suspectedAt === undefined;
    if (responsive === this.#responsive) return;
    this.#responsive = responsive;
    this.#events.onResponsive(responsive);
  }
}
