import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { BridgeChannel, type ParleyBridge } from '../../../main/contract/bridge.ts';

const electron = vi.hoisted(() => ({ exposed: {} as Record<string, unknown>, ipcRenderer: undefined as unknown }));
vi.mock('electron', () => ({
  contextBridge: { exposeInMainWorld: (name: string, api: unknown) => (electron.exposed[name] = api) },
  get ipcRenderer() {
    return electron.ipcRenderer;
  },
}));

class FakeIpcRenderer extends EventEmitter {
  sent: unknown[] = [];
  send(...args: unknown[]): void {
    this.sent.push(args);
  }
}

let ipc: FakeIpcRenderer;
let parley: ParleyBridge;
beforeEach(async () => {
  ipc = new FakeIpcRenderer();
  electron.ipcRenderer = ipc;
  vi.resetModules();
  await import('../../../preload/index.ts');
  parley = electron.exposed.parley as ParleyBridge;
});

describe('window.parley', () => {
  it('is all that the page gets, and cannot be changed', () => {
    expect(Object.keys(electron.exposed)).toEqual(['parley']);
    expect(Object.keys(parley).sort()).toEqual(['onMessage', 'platform', 'send']);
    expect(Object.isFrozen(parley)).toBe(true);
  });

  it('sends on one channel only', () => {
    parley.send({ id: 1, command: { type: 'stop' } });
    expect(ipc.sent).toEqual([[BridgeChannel.toApp, { id: 1, command: { type: 'stop' } }]]);
  });

  it('hands over messages without Electron’s event, until unsubscribed', () => {
    const received: unknown[][] = [];
    const unsubscribe = parley.onMessage((...args) => received.push(args));
    ipc.emit(BridgeChannel.toWindow, { sender: ipc }, { type: 'reply', id: 1, error: null });
    unsubscribe();
    ipc.emit(BridgeChannel.toWindow, { sender: ipc }, { type: 'reply', id: 2, error: null });
    expect(received).toEqual([[{ type: 'reply', id: 1, error: null }]]);
    expect(ipc.listenerCount(BridgeChannel.toWindow)).toBe(0);
  });
});
