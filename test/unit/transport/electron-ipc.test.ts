import { beforeEach, describe, expect, it } from 'vitest';
import { BridgeChannel } from '../../../main/contract/bridge.ts';
import { CONTRACT_VERSION } from '../../../main/contract/messages.ts';
import { serveElectronWindow } from '../../../main/transport/electron-ipc.ts';
import { PAGE_URL } from '../../../main/transport/electron-page.ts';
import { FakeApp } from '../../fakes/fake-app.ts';
import { settle } from '../../fakes/fake-clock.ts';
import { FakeIpcMain, FakeWebContents } from '../../fakes/fake-electron-ipc.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';

const HELLO = { id: 0, command: { type: 'hello', contractVersion: CONTRACT_VERSION } };
let app: FakeApp;
let ipcMain: FakeIpcMain;
let contents: FakeWebContents;
let end: () => void;

beforeEach(() => {
  app = new FakeApp();
  ipcMain = new FakeIpcMain();
  contents = new FakeWebContents();
  end = serveElectronWindow({ endpoint: app, ipcMain, contents, logger: new RecordingLogger() });
});

const own = () => ({ sender: contents, senderFrame: contents.mainFrame });

describe('serveElectronWindow', () => {
  it.each([
    ['another window', () => ({ sender: new FakeWebContents(), senderFrame: contents.mainFrame })],
    [
      'a frame within the page',
      () => ({ sender: contents, senderFrame: { url: PAGE_URL, parent: contents.mainFrame } }),
    ],
    ['a frame that is gone', () => ({ sender: contents, senderFrame: null })],
    ['a page from the web', () => ({ sender: contents, senderFrame: { url: 'https://parley/', parent: null } })],
    ['a file', () => ({ sender: contents, senderFrame: { url: 'file:///index.html', parent: null } })],
    [
      'another host of our scheme',
      () => ({ sender: contents, senderFrame: { url: 'app://parley.evil/', parent: null } }),
    ],
    ['a name before our host', () => ({ sender: contents, senderFrame: { url: 'app://x@parley/', parent: null } })],
  ])('does not listen to %s', async (_, event) => {
    ipcMain.receive(HELLO, event());
    await settle();
    expect(app.sessions).toHaveLength(0);
    ipcMain.receive(HELLO, own());
    await settle();
    expect(app.sessions).toHaveLength(1);
  });

  it('takes a page that is loaded anew for a new client', async () => {
    ipcMain.receive(HELLO, own());
    await settle();
    contents.navigate({ isMainFrame: true, isSameDocument: true });
    contents.navigate({ isMainFrame: false, isSameDocument: false });
    expect(app.sessions[0]!.closed).toBe(0);
    contents.navigate();
    expect(app.sessions[0]!.closed).toBe(1);
    ipcMain.receive(HELLO, own());
    await settle();
    expect(app.sessions).toHaveLength(2);
  });

  it('closes the session when the page crashes', async () => {
    ipcMain.receive(HELLO, own());
    await settle();
    contents.emit('render-process-gone');
    expect(app.sessions[0]!.closed).toBe(1);
  });

  it('leaves nothing on ipcMain when it ends or the window is gone', () => {
    expect(ipcMain.listenerCount(BridgeChannel.toApp)).toBe(1);
    end();
    contents.destroy();
    expect(ipcMain.listenerCount(BridgeChannel.toApp)).toBe(0);
  });
});
