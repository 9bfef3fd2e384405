import { parentPort, workerData } from 'node:worker_threads';
import { ParleyError, type Stage } from '../contract/errors.ts';
import { CancelSlots } from './cancel-slots.ts';
import type { ChildControl } from './child-control.ts';
import { splitControl } from './control-split.ts';
import type { MessageLink } from './message-link.ts';
import { movingAudio } from './moved-audio.ts';
import { portLink } from './port-link.ts';
import { RpcPeer, type RpcHandlers } from './rpc-peer.ts';

/** What a worker thread offers once its engine is loaded. */
export interface ServedEngine extends RpcHandlers {
  /** Frees native resources. The thread ends afterwards, at the latest after a bounded wait. */
  close?(): Promise<void> | void;
}

export type NotifyApp = (method: string, params: unknown) => void;

/** What the child main hands to its worker thread. */
export interface EngineWorkerData {
  config: unknown;
  cancelSlots: SharedArrayBuffer;
}

/**
 * The main of a worker thread: loads an engine and serves it until the child is stopped.
 *
 * `load` gets the plain configuration that was given to the supervised child, and a way to notify the app at any time. When it
 * resolves the child is `ready`; what it throws is reported as the start error (a ParleyError that is not retryable, such as
 * `model-missing`, fails the child at once; anything else is tried again). Arrays in results, stream items and notifications are
 * moved out of this thread: the engine must not touch them afterwards.
 */
export function serveEngine<Config>(
  stage: Stage,
  load: (config: Config, notify: NotifyApp) => Promise<ServedEngine>,
): void {
  if (!parentPort) throw new ParleyError({ code: 'internal', stage, message: 'serveEngine runs in a worker thread.' });
  const data = workerData as EngineWorkerData;
  const link = portLink(parentPort);
  serveEngineOver(link, { stage, config: data.config as Config, cancelSlots: new CancelSlots(data.cancelSlots), load });
}

/** The same over any link, so that engines' workers can be tested without a thread. */
export function serveEngineOver<Config>(
  link: MessageLink,
  options: {
    stage: Stage;
    config: Config;
    cancelSlots?: CancelSlots;
    load: (config: Config, notify: NotifyApp) => Promise<ServedEngine>;
  },
): void {
  const { stage, config, cancelSlots = new CancelSlots(), load } = options;
  const say = (control: ChildControl) => link.post(control);
  const rpc = splitControl(movingAudio(link), (control) => {
    if (control.type === 'child:ping') say({ type: 'child:worker-pong', seq: control.seq });
    if (control.type === 'child:stop') void stop();
  });
  // Filled when the engine is loaded; the supervisor lets nobody call before.
  const handlers: RpcHandlers = {};
  const peer = new RpcPeer(rpc, { stage, handlers, isCancelled: (id) => cancelSlots.isCancelled(id) });

  const loading = load(config, (method, params) => peer.notify(method, params)).then((engine) => {
    handlers.calls = engine.calls ?? {};
    handlers.streams = engine.streams ?? {};
    handlers.notifications = engine.notifications ?? {};
    return engine;
  });
  loading.then(
    () => say({ type: 'child:ready' }),
    (cause: unknown) => say({ type: 'child:start-error', error: startError(cause, stage).serialise() }),
  );

  async function stop(): Promise<void> {
    try {
      const engine = await loading;
      await engine.close?.();
    } catch {
      // Reported when it failed to load, and nobody is left to tell that it failed to close.
    }
    say({ type: 'child:closed' });
    link.close();
  }
}

function startError(cause: unknown, stage: Stage): ParleyError {
  if (cause instanceof ParleyError) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  return new ParleyError({ code: 'engine-failed', stage, message, retryable: true, cause });
}
