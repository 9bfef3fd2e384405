import { contextBridge, ipcRenderer } from 'electron';
import { BridgeChannel, type ParleyBridge } from '../main/contract/bridge.ts';
import type { AppMessage } from '../main/contract/messages.ts';

/** All that the page gets. Nothing of Electron goes through it: neither ipcRenderer nor its event objects, which hold the sender. */
const bridge: ParleyBridge = Object.freeze({
  send: (message) => ipcRenderer.send(BridgeChannel.toApp, message),
  onMessage(listener) {
    const onMessage = (_event: unknown, message: AppMessage): void => listener(message);
    ipcRenderer.on(BridgeChannel.toWindow, onMessage);
    return () => void ipcRenderer.off(BridgeChannel.toWindow, onMessage);
  },
  platform: process.platform,
} satisfies ParleyBridge);

contextBridge.exposeInMainWorld('parley', bridge);
