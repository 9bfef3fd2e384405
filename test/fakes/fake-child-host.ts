import type { ParleyError } from '../../main/contract/errors.ts';
import type { ChildName } from '../../main/contract/state.ts';
import type { ChildControl } from '../../main/children/child-control.ts';
import type { ChildExit, ChildHost, HostedChild } from '../../main/children/child-host.ts';
import { splitControl } from '../../main/children/control-split.ts';
import { linkedPair, type MessageLink } from '../../main/children/message-link.ts';
import { RpcPeer, type RpcHandlers } from '../../main/children/rpc-peer.ts';

/** A child process that is no process: a test says when it becomes ready, falls silent and dies. */
export class FakeChild implements HostedChild {
  readonly name: ChildName;
  readonly pid: number;
  readonly link: MessageLink;
  readonly peer: RpcPeer;
  /** What `child:start` brought. */
  config: unknown;
  killed = false;
  stopAsked = false;
  /** Whether the process, and the engine's thread, answer pings. */
  answers = true;
  threadAnswers = true;
  /** Whether it leaves when asked to, and dies when killed. */
  leavesWhenAsked = true;
  diesWhenKilled = true;
  readonly #far: MessageLink;
  readonly #onExit: ((exit: ChildExit) => void)[] = [];
  readonly #onStderr: ((text: string) => void)[] = [];
  #exited = false;

  constructor(options: { name: ChildName; pid: number; handlers: RpcHandlers; onStart: (child: FakeChild) => void }) {
    this.name = options.name;
    this.pid = options.pid;
    const [near, far] = linkedPair();
    this.link = near;
    this.#far = far;
    const rpc = splitControl(far, (control) => this.#control(control, options.onStart));
    this.peer = new RpcPeer(rpc, { stage: options.name, handlers: options.handlers });
  }

  ready(): void {
    this.#say({ type: 'child:ready' });
  }

  failToStart(error: ParleyError): void {
    this.#say({ type: 'child:start-error', error: error.serialise() });
  }

  stderr(text: string): void {
    for (const listener of this.#onStderr) listener(text);
  }

  exit(exit: ChildExit): void {
    if (this.#exited) return;
    this.#exited = true;
    this.#far.close();
    for (const listener of this.#onExit) listener(exit);
  }

  kill(): void {
    this.killed = true;
    if (this.diesWhenKilled) queueMicrotask(() => this.exit({ code: null, signal: 'SIGKILL' }));
  }

  onExit(listener: (exit: ChildExit) => void): void {
    this.#onExit.push(listener);
  }

  onStderr(listener: (text: string) => void): void {
    this.#onStderr.push(listener);
  }

  #say(control: ChildControl): void {
    this.#far.post(control);
  }

  #control(control: ChildControl, onStart: (child: FakeChild) => void): void {
    if (control.type === 'child:start') {
      this.config = control.config;
      onStart(this);
    }
    if (control.type === 'child:ping' && this.answers) this.#say({ type: 'child:pong', seq: control.seq });
    if (control.type === 'child:ping' && this.threadAnswers) this.#say({ type: 'child:worker-pong', seq: control.seq });
    if (control.type === 'child:stop') this.stopAsked = true;
    if (control.type === 'child:stop' && this.leavesWhenAsked) this.exit({ code: 0, signal: null });
  }
}

/** Starts fake children, which do what `onStart` says once they have their configuration: by default they become ready. */
export class FakeChildHost implements ChildHost {
  readonly children: FakeChild[] = [];
  readonly #handlers: RpcHandlers;
  onStart: (child: FakeChild) => void = (child) => child.ready();
  /** Thrown instead of starting anything. */
  spawnError: Error | undefined;

  constructor(handlers: RpcHandlers = {}) {
    this.#handlers = handlers;
  }

  spawn(name: ChildName): FakeChild {
    if (this.spawnError) throw this.spawnError;
    const child = new FakeChild({
      name,
      pid: 1000 + this.children.length,
      handlers: this.#handlers,
      onStart: (started) => this.onStart(started),
    });
    this.children.push(child);
    return child;
  }

  /** The child started last. */
  get last(): FakeChild {
    const child = this.children.at(-1);
    if (!child) throw new Error('No child was started.');
    return child;
  }
}
