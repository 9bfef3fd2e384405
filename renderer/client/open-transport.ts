import type { ParleyBridge } from '../../main/contract/bridge.ts';
import { WEBSOCKET_PATH } from '../../main/contract/web-host.ts';
import { ElectronTransport } from './electron-transport.ts';
import type { Transport } from './transport.ts';
import { askWhyRefused, WebSocketTransport } from './websocket-transport.ts';

declare global {
  interface Window {
    readonly parley?: ParleyBridge;
  }
}

/** The bridge of the desktop window where there is one, else the WebSocket of the host that served this page. */
export function openTransport(): Transport {
  if (window.parley !== undefined) return new ElectronTransport(window.parley);
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
  return new WebSocketTransport(`${scheme}//${location.host}${WEBSOCKET_PATH}`, () => askWhyRefused(location.href));
}
