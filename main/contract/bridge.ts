import type { AppMessage, ClientMessage } from './messages.ts';

/** `window.parley` in the Electron window: all that the page can reach of the app. Absent in a browser, which uses the WebSocket. */
export interface ParleyBridge {
  send(message: ClientMessage): void;
  /** Calls `listener` for each message from the app; the returned function takes it off again. */
  onMessage(listener: (message: AppMessage) => void): () => void;
  /** `darwin`, `win32` or `linux`: for key names and window controls. */
  readonly platform: string;
}

/** The IPC channels behind the bridge. */
export const BridgeChannel = { toApp: 'parley:to-app', toWindow: 'parley:to-window' } as const;
