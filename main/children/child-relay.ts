import type { Clock } from '../ports/clock.ts';
import type { CancelSlots } from './cancel-slots.ts';
import { CHILD_EXIT_CODES, type ChildControl } from './child-control.ts';
import { splitControl } from './control-split.ts';
import type { MessageLink } from './message-link.ts';
import { readRpcMessage } from './rpc-messages.ts';

/** A worker thread as the relay sees it. */
export interface EngineThread {
  readonly link: MessageLink;
  /** The thread threw, or ended. Called once. */
  onDeath(listener: (why: string) => void): void;
}

export interface ChildRelayOptions {
  parent: MessageLink;
  clock: Clock;
  cancelSlots: CancelSlots;
  startThread(config: unknown): EngineThread;
  /** Ends this process. `now`: without waiting for a thread that may hang in native code. */
  exit(code: number, how: 'clean' | 'now'): void;
  /** A line for stderr, which the supervisor keeps the last of. */
  complain(line: string): void;
  /** How long the engine may take to close. Default 3 s. */
  closeLimitMs?: number;
}

const DEFAULT_CLOSE_LIMIT_MS = 3000;
/**
 * A child whose parent is there but has stopped to ping for this many checks leaves. Counted in checks and not by the clock, so
 * that a machine which slept does not look like a dead parent.
 */
const PINGLESS_CHECKS_LIMIT = 6;
const PING_CHECK_MS = 10_000;

/**
 * The main thread of a child: it answers heartbeats itself, so that a long native call in the engine's thread does not look like
 * a hung process, and hands everything else on between its parent and that thread.
 */
export class ChildRelay {
  readonly #options: ChildRelayOptions;
  readonly #parentRpc: MessageLink;
  #thread: EngineThread | undefined;
  #threadRpc: MessageLink | undefined;
  #leaving = false;
  #parentGone = false;
  #pingSeen = false;
  #pinglessChecks = 0;

  constructor(options: ChildRelayOptions) {
    this.#options = options;
    this.#parentRpc = splitControl(options.parent, (control) => this.#fromParent(control));
    this.#parentRpc.onMessage((message) => this.#toThread(message));
    options.parent.onClose(() => {
      this.#parentGone = true;
      this.leave();
    });
    this.#checkPings();
  }

  /** Closes the engine, waits for it within bounds, and ends the process. */
  leave(code: number = CHILD_EXIT_CODES.left): void {
    if (this.#leaving) return;
    this.#leaving = true;
    const { clock, exit, closeLimitMs = DEFAULT_CLOSE_LIMIT_MS } = this.#options;
    if (!this.#thread) {
      exit(code, 'clean');
      return;
    }
    clock.schedule(closeLimitMs, () => exit(code, 'now'));
    this.#thread.link.post({ type: 'child:stop' } satisfies ChildControl);
  }

  #fromParent(control: ChildControl): void {
    switch (control.type) {
      case 'child:start':
        return this.#start(control.config);
      case 'child:ping':
        this.#pingSeen = true;
        this.#pinglessChecks = 0;
        this.#options.parent.post({ type: 'child:pong', seq: control.seq } satisfies ChildControl);
        this.#thread?.link.post(control);
        return;
      case 'child:stop':
        return this.leave();
      case 'child:pong':
      case 'child:worker-pong':
      case 'child:ready':
      case 'child:start-error':
      case 'child:closed':
        return;
      default:
        return control satisfies never;
    }
  }

  #start(config: unknown): void {
    if (this.#thread || this.#leaving) return;
    const thread = this.#options.startThread(config);
    this.#thread = thread;
    this.#threadRpc = splitControl(thread.link, (control) => this.#fromThread(control));
    this.#threadRpc.onMessage((message) => this.#options.parent.post(message));
    thread.onDeath((why) => this.#threadDied(why));
  }

  #toThread(message: unknown): void {
    const request = readRpcMessage(message);
    if (request?.type === 'cancel') this.#options.cancelSlots.cancel(request.id);
    this.#threadRpc?.post(message);
  }

  #fromThread(control: ChildControl): void {
    // Without a parent nobody would end a process whose native threads hang at exit.
    if (control.type === 'child:closed') this.#options.exit(CHILD_EXIT_CODES.left, this.#parentGone ? 'now' : 'clean');
    else this.#options.parent.post(control);
  }

  #threadDied(why: string): void {
    if (this.#leaving) {
      this.#options.exit(CHILD_EXIT_CODES.left, 'clean');
      return;
    }
    this.#options.complain(`engine thread: ${why}`);
    this.#options.exit(CHILD_EXIT_CODES.workerDied, 'clean');
  }

  #checkPings(): void {
    this.#options.clock.schedule(PING_CHECK_MS, () => {
      if (this.#pingSeen && ++this.#pinglessChecks > PINGLESS_CHECKS_LIMIT) this.leave(CHILD_EXIT_CODES.orphaned);
      else this.#checkPings();
    });
  }
}
