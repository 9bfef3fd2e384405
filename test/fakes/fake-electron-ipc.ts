import { EventEmitter } from 'node:events';
import { BridgeChannel } from '../../main/contract/bridge.ts';
import type { FrameLike, IpcEventLike } from '../../main/transport/electron-ipc.ts';
import { PAGE_URL } from '../../main/transport/electron-page.ts';

/** One window's web contents: what is sent to the page is cloned, as structured clone IPC does it. */
export class FakeWebContents extends EventEmitter {
  readonly mainFrame: FrameLike = { url: PAGE_URL, parent: null };
  onSent: (channel: string, message: unknown) => void = () => {};
  #destroyed = false;

  send(channel: string, message: unknown): void {
    if (this.#destroyed) throw new TypeError('Object has been destroyed');
    const copy = structuredClone(message);
    queueMicrotask(() => this.onSent(channel, copy));
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  destroy(): void {
    this.#destroyed = true;
    this.emit('destroyed');
  }

  navigate(details = { isMainFrame: true, isSameDocument: false }): void {
    this.emit('did-start-navigation', details);
  }
}

/** ipcMain, with a way to send to it as a page would. */
export class FakeIpcMain extends EventEmitter {
  receive(message: unknown, event: IpcEventLike): void {
    const copy = structuredClone(message);
    queueMicrotask(() => this.emit(BridgeChannel.toApp, event, copy));
  }
}
