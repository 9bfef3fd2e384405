import { BridgeChannel } from '../contract/bridge.ts';
import type { Logger } from '../ports/logger.ts';
import type { AppEndpoint } from './app-endpoint.ts';
import { isOwnPage } from './electron-page.ts';
import { ServedClient } from './served-client.ts';

/** The parts of Electron that are used here, so that tests can bring their own. */
export interface FrameLike {
  readonly url: string;
  readonly parent: unknown;
}
export interface IpcEventLike {
  readonly sender: unknown;
  /** null when the frame has navigated or is gone. */
  readonly senderFrame: FrameLike | null;
}
export interface IpcMainLike {
  on(channel: string, listener: (event: IpcEventLike, message: unknown) => void): unknown;
  removeListener(channel: string, listener: (event: IpcEventLike, message: unknown) => void): unknown;
}
export interface NavigationLike {
  readonly isMainFrame: boolean;
  readonly isSameDocument: boolean;
}
export interface WebContentsLike {
  send(channel: string, message: unknown): void;
  isDestroyed(): boolean;
  on(event: 'did-start-navigation', listener: (details: NavigationLike) => void): unknown;
  on(event: 'render-process-gone' | 'destroyed', listener: () => void): unknown;
}

export interface ServeWindowOptions {
  endpoint: AppEndpoint;
  ipcMain: IpcMainLike;
  /** Of the window that is served; messages from any other are dropped. */
  contents: WebContentsLike;
  logger: Logger;
}

/**
 * Serves the contract to one Electron window. Sound does not travel this way: the desktop app has the sound card. A page that is loaded
 * anew is a new client. Returns what ends it.
 */
export function serveElectronWindow(options: ServeWindowOptions): () => void {
  const { endpoint, ipcMain, contents, logger } = options;
  let client = newClient();
  function newClient(): ServedClient {
    return new ServedClient({
      endpoint,
      logger,
      wire: {
        carriesAudio: false,
        sendMessage: (message) => {
          if (!contents.isDestroyed()) contents.send(BridgeChannel.toWindow, message);
        },
        sendAudio: () => {},
      },
    });
  }
  const restart = (): void => {
    client.closed();
    client = newClient();
  };
  const onMessage = (event: IpcEventLike, message: unknown): void => {
    if (isTrusted(event, contents)) client.receive(message);
    else logger.warn('message from a page that is not ours was dropped');
  };
  ipcMain.on(BridgeChannel.toApp, onMessage);
  contents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
    if (isMainFrame && !isSameDocument) restart();
  });
  contents.on('render-process-gone', restart);
  const end = (): void => {
    ipcMain.removeListener(BridgeChannel.toApp, onMessage);
    client.closed();
  };
  contents.on('destroyed', end);
  return end;
}

/** From the window itself: its top frame, showing our page. */
function isTrusted(event: IpcEventLike, contents: WebContentsLike): boolean {
  const frame = event.senderFrame;
  return event.sender === contents && frame !== null && frame.parent === null && isOwnPage(frame.url);
}
