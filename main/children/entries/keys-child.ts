// Tells when a chosen key goes down and up, whatever program is in front. Alone in its process, as all native code is.
import { ipcLink, type IpcEnd } from '../ipc-link.ts';
import type { KeyWatchReport, WatchedKey, WatchKeyRequest } from '../key-watch-messages.ts';
import { parentPortLink, type ParentPortEnd } from '../utility-process-link.ts';

process.title = 'parley-keys';
const { parentPort } = process as unknown as { parentPort?: ParentPortEnd };
const link = parentPort ? parentPortLink(parentPort) : ipcLink(process as IpcEnd);
const report = (message: KeyWatchReport): void => link.post(message);

link.onMessage((message) => void watch((message as WatchKeyRequest).key));
link.onClose(() => process.exit(0));

let watched: WatchedKey | undefined;

async function watch(key: WatchedKey): Promise<void> {
  const isFirst = watched === undefined;
  watched = key;
  if (!isFirst) return report({ type: 'ready' });
  try {
    const { uIOhook, UiohookKey } = await import('uiohook-napi');
    const tell = (type: 'down' | 'up', keycode: number): void => {
      if (watched !== undefined && keycode === UiohookKey[watched]) report({ type, key: watched });
    };
    uIOhook.on('keydown', ({ keycode }) => tell('down', keycode));
    uIOhook.on('keyup', ({ keycode }) => tell('up', keycode));
    uIOhook.start();
    report({ type: 'ready' });
  } catch (cause) {
    report({ type: 'failed', message: cause instanceof Error ? cause.message : String(cause) });
  }
}
