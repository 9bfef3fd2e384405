import { extname } from 'node:path';
import { SHARE_ENV, Worker } from 'node:worker_threads';
import type { ChildName } from '../contract/state.ts';
import { MonotonicClock } from '../platform/monotonic-clock.ts';
import { CancelSlots } from './cancel-slots.ts';
import { ChildRelay, type EngineThread } from './child-relay.ts';
import { ipcLink, type IpcEnd } from './ipc-link.ts';
import type { MessageLink } from './message-link.ts';
import { movingAudio } from './moved-audio.ts';
import { portLink } from './port-link.ts';
import type { EngineWorkerData } from './serve-engine.ts';
import { parentPortLink, type ParentPortEnd } from './utility-process-link.ts';

/**
 * The main of a child process. Its engine is `<name>-worker` beside the entry, with the entry's extension.
 * Ends the process when the parent stops it or is gone, or when the engine's thread dies.
 */
export function runChild(name: ChildName, entryUrl: string): void {
  process.title = `parley-${name}`;
  // Before the thread loads onnxruntime, which reads it once.
  process.env['ORT_DISABLE_TELEMETRY'] = '1';
  const cancelBuffer = CancelSlots.allocate();
  const workerUrl = new URL(`./${name}-worker${extname(new URL(entryUrl).pathname)}`, entryUrl);
  const relay = new ChildRelay({
    parent: parentLink(),
    clock: new MonotonicClock(),
    cancelSlots: new CancelSlots(cancelBuffer),
    startThread: (config) => engineThread(workerUrl, { config, cancelSlots: cancelBuffer }),
    exit: endProcess,
    complain: (line) => process.stderr.write(`${line}\n`),
  });
  // Ctrl-C and a closed terminal reach the whole group. The app ends its children in order; they must not run ahead of it.
  process.on('SIGINT', () => {});
  process.on('SIGHUP', () => {});
  process.on('SIGTERM', () => relay.leave());
}

function engineThread(workerUrl: URL, workerData: EngineWorkerData): EngineThread {
  // The thread's environment is the process's own: libpulse reads with getenv what the audio engine sets before it opens a device.
  const worker = new Worker(workerUrl, { workerData, env: SHARE_ENV });
  return {
    link: movingAudio(portLink(worker)),
    onDeath(listener) {
      let told = false;
      const tell = (why: string) => {
        if (!told) listener(why);
        told = true;
      };
      worker.on('error', (error: unknown) =>
        tell(error instanceof Error ? (error.stack ?? error.message) : String(error)),
      );
      worker.on('exit', (code) => tell(`ended with code ${code}`));
    },
  };
}

/** The utility process's port where there is one, else fork's channel. */
function parentLink(): MessageLink {
  const { parentPort } = process as unknown as { parentPort?: ParentPortEnd };
  if (parentPort) return parentPortLink(parentPort);
  if (!process.send) {
    process.stderr.write('This file is started by Parley, not by hand.\n');
    process.exit(64);
  }
  return ipcLink(process as IpcEnd);
}

function endProcess(code: number, how: 'clean' | 'now'): void {
  // `exit` waits for threads, and a thread that hangs in native code never ends.
  if (how === 'now') process.kill(process.pid, 'SIGKILL');
  process.exit(code);
}
