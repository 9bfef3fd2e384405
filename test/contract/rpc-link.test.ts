import { fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { MessageChannel, Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { ipcLink, type IpcEnd } from '../../main/children/ipc-link.ts';
import { linkedPair, type MessageLink } from '../../main/children/message-link.ts';
import { portLink } from '../../main/children/port-link.ts';
import { parentPortLink, utilityProcessLink } from '../../main/children/utility-process-link.ts';
import { declareLinkContract } from './rpc-link-contract.ts';

const echo = (link: MessageLink) => link.onMessage((message) => link.post({ echo: message }));
const echoFile = join(import.meta.dirname, 'rpc-link-echo.ts');

describe('the linked pair', () => {
  declareLinkContract(async () => {
    const [near, far] = linkedPair();
    echo(far);
    return { near, far, dispose: () => near.close() };
  });

  it('closes the other end too', async () => {
    const [near, far] = linkedPair();
    const closed = new Promise<void>((resolve) => far.onClose(resolve));
    near.close();
    await closed;
  });

  it('moves what is to be moved', () => {
    const [near] = linkedPair();
    const pcm = new Float32Array(4);
    near.post({ pcm }, [pcm.buffer]);
    expect(pcm.length).toBe(0);
  });
});

describe('the port of a message channel', () => {
  declareLinkContract(async () => {
    const { port1, port2 } = new MessageChannel();
    const far = portLink(port2);
    echo(far);
    return { near: portLink(port1), far, dispose: () => port1.close() };
  });

  it('closes when the other end does', async () => {
    const { port1, port2 } = new MessageChannel();
    const closed = new Promise<void>((resolve) => portLink(port1).onClose(resolve));
    portLink(port2).close();
    await closed;
  });
});

describe('a worker thread', () => {
  declareLinkContract(async () => {
    const worker = new Worker(echoFile);
    return { near: portLink(worker), dispose: async () => void (await worker.terminate()) };
  });
});

describe("fork's channel", () => {
  declareLinkContract(async () => {
    const child = fork(echoFile, [], { execArgv: [], serialization: 'advanced' });
    const exited = once(child, 'exit');
    const dispose = async () => {
      child.kill('SIGKILL');
      await exited;
    };
    return { near: ipcLink(child as IpcEnd), dispose };
  });

  it('closes when the process ends', async () => {
    const child = fork(echoFile, [], { execArgv: [], serialization: 'advanced' });
    const closed = new Promise<void>((resolve) => ipcLink(child as IpcEnd).onClose(resolve));
    child.kill('SIGKILL');
    await closed;
  });
});

/** Electron's two ends as its documentation describes them: the child's gets an event with `data`, the app's the message itself. */
function fakeUtilityProcess() {
  const app = Object.assign(new EventEmitter(), {
    postMessage(message: unknown) {
      const data: unknown = structuredClone(message);
      queueMicrotask(() => parentPort.emit('message', { data }));
    },
  });
  const parentPort = Object.assign(new EventEmitter(), {
    postMessage(message: unknown) {
      const copy: unknown = structuredClone(message);
      queueMicrotask(() => app.emit('message', copy));
    },
  });
  return { app, parentPort };
}

describe("a utility process's ports", () => {
  declareLinkContract(async () => {
    const { app, parentPort } = fakeUtilityProcess();
    const far = parentPortLink(parentPort);
    echo(far);
    return { near: utilityProcessLink(app), far, dispose: () => {} };
  });

  it('close when the process exits', () => {
    const { app } = fakeUtilityProcess();
    let closed = 0;
    utilityProcessLink(app).onClose(() => closed++);
    app.emit('exit', 1);
    expect(closed).toBe(1);
  });
});
