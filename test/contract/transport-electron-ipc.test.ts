import type { AppMessage } from '../../main/contract/messages.ts';
import { serveElectronWindow } from '../../main/transport/electron-ipc.ts';
import { FakeIpcMain, FakeWebContents } from '../fakes/fake-electron-ipc.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { describeTransport } from './transport-contract.ts';

describeTransport('Electron IPC', async (endpoint) => {
  const ipcMain = new FakeIpcMain();
  return {
    async connect() {
      const contents = new FakeWebContents();
      serveElectronWindow({ endpoint, ipcMain, contents, logger: new RecordingLogger() });
      const event = { sender: contents, senderFrame: contents.mainFrame };
      return {
        send: (message) => ipcMain.receive(message, event),
        sendGarbage: () => ipcMain.receive(undefined, event),
        onMessage: (listener) => {
          contents.onSent = (_, message) => listener(message as AppMessage);
        },
        close: () => contents.destroy(),
      };
    },
    close: async () => {},
  };
});
