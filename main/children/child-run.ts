import { ParleyError, type ErrorCode } from '../contract/errors.ts';
import type { ChildName } from '../contract/state.ts';
import { deferred } from '../lib/deferred.ts';
import type { Clock } from '../ports/clock.ts';
import type { ChildControl } from './child-control.ts';
import type { ChildExit, HostedChild } from './child-host.ts';
import type { ChildLimits } from './child-limits.ts';
import { splitControl } from './control-split.ts';
import { Heartbeat } from './heartbeat.ts';
import { RpcPeer } from './rpc-peer.ts';
import { StderrTail } from './stderr-tail.ts';

export interface ChildRunEvents {
  /** The engine is loaded. */
  onReady(): void;
  onResponsive(responsive: boolean): void;
  /** Called once unless `stop` came first: of no more use, and why. Its requests are settled with the same error. */
  onLost(error: ParleyError): void;
}

export interface ChildRunOptions {
  name: ChildName;
  config: unknown;
  child: HostedChild;
  clock: Clock;
  limits: ChildLimits;
  events: ChildRunEvents;
}

/** One process from its start to its end. Lost is final: a restart is another run. */
export class ChildRun {
  readonly peer: RpcPeer;
  /** Resolves when the process is gone, or has not gone within `goneMs` of being killed (then with undefined). */
  readonly gone: Promise<ChildExit | undefined>;
  readonly #name: ChildName;
  readonly #child: HostedChild;
  readonly #clock: Clock;
  readonly #limits: ChildLimits;
  readonly #events: ChildRunEvents;
  readonly #heartbeat: Heartbeat;
  readonly #stderr = new StderrTail();
  readonly #gone = deferred<ChildExit | undefined>();
  #over = false;
  #cancelStartDeadline: () => void;

  constructor(options: ChildRunOptions) {
    const { name, child, clock, limits } = options;
    this.#name = name;
    this.#child = child;
    this.#clock = clock;
    this.#limits = limits;
    this.#events = options.events;
    this.gone = this.#gone.promise;
    const rpc = splitControl(child.link, (control) => this.#control(control));
    this.peer = new RpcPeer(rpc, { stage: name, clock });
    this.#heartbeat = new Heartbeat({
      clock,
      limits: limits.heartbeat,
      events: {
        ping: (seq) => this.#say({ type: 'child:ping', seq }),
        onResponsive: (responsive) => this.#events.onResponsive(responsive),
        onDead: (part) => this.#lose(this.#error('child-unresponsive', `The child's ${part} does not answer.`)),
      },
    });
    child.onStderr((text) => this.#stderr.push(text));
    child.onExit((exit) => this.#exited(exit));
    child.link.onClose(() => this.#lose(this.#error('child-exited', 'The child closed its line.')));
    this.#cancelStartDeadline = clock.schedule(limits.startMs, () =>
      this.#lose(this.#error('child-start-timeout', 'The child did not become ready in time.')),
    );
    this.#say({ type: 'child:start', config: options.config });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get stderrLines(): string[] {
    return this.#stderr.lines;
  }

  /** Called when a call's deadline has passed. */
  suspectThread(): void {
    if (!this.#over) this.#heartbeat.suspectThread();
  }

  /** Calls it lost though it answers. */
  giveUp(): void {
    this.#lose(this.#error('child-unresponsive', 'The child lets one deadline after another pass.'));
  }

  /** Settles every request as `cancelled`, asks the child to close its engine and leave, and kills it if it does not. */
  async stop(): Promise<void> {
    if (!this.#over) {
      this.#over = true;
      this.#stopWatching();
      this.#say({ type: 'child:stop' });
      const cancelKill = this.#clock.schedule(this.#limits.stopMs, () => this.#kill());
      void this.gone.then(cancelKill);
      // After the request to stop, so that it still gets through.
      this.peer.close(this.#error('cancelled', 'The child was stopped.'));
    }
    await this.gone;
  }

  #control(control: ChildControl): void {
    if (this.#over) return;
    switch (control.type) {
      case 'child:ready':
        this.#cancelStartDeadline();
        this.#heartbeat.start();
        return this.#events.onReady();
      case 'child:start-error':
        return this.#lose(ParleyError.deserialise(control.error));
      case 'child:pong':
        return this.#heartbeat.pong(control.seq);
      case 'child:worker-pong':
        return this.#heartbeat.threadPong(control.seq);
      case 'child:start':
      case 'child:ping':
      case 'child:stop':
      case 'child:closed':
        return;
      default:
        return control satisfies never;
    }
  }

  #exited(exit: ChildExit): void {
    this.#gone.resolve(exit);
    const how = exit.signal ?? (exit.code === null ? 'could not be started' : `code ${exit.code}`);
    this.#lose(this.#error('child-exited', `The child has exited: ${how}.`));
  }

  /** Tells the owner first, so that whoever sees its call fail already finds the child restarting. */
  #lose(error: ParleyError): void {
    if (this.#over) return;
    this.#over = true;
    this.#stopWatching();
    this.#kill();
    this.#events.onLost(error);
    this.peer.close(error);
  }

  #kill(): void {
    this.#child.kill();
    const stopWaiting = this.#clock.schedule(this.#limits.goneMs, () => this.#gone.resolve(undefined));
    void this.gone.then(stopWaiting);
  }

  #stopWatching(): void {
    this.#cancelStartDeadline();
    this.#heartbeat.stop();
  }

  #say(control: ChildControl): void {
    this.#child.link.post(control);
  }

  #error(code: ErrorCode, message: string): ParleyError {
    return new ParleyError({ code, stage: this.#name, message, retryable: true });
  }
}
