import { LinkListeners, type MessageLink } from './message-link.ts';

/** Either end of fork's IPC channel: a ChildProcess, or `process` inside the child. */
export interface IpcEnd {
  readonly connected: boolean;
  send?(message: unknown, done: (error: Error | null) => void): boolean;
  disconnect?(): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'disconnect', listener: () => void): unknown;
}

/** A link over fork's IPC with `serialization: 'advanced'`, which copies typed arrays as they are. */
export function ipcLink(end: IpcEnd): MessageLink {
  const listeners = new LinkListeners();
  let listening = false;
  end.on('disconnect', () => listeners.close());
  return {
    post(message) {
      if (listeners.closed || !end.connected) return;
      // The callback takes errors of a channel that closes at this moment; without it they are thrown at the process.
      end.send?.(message, () => {});
    },
    onMessage(listener) {
      listeners.addMessage(listener);
      if (listening) return;
      listening = true;
      end.on('message', (message) => listeners.message(message));
    },
    onClose: (listener) => listeners.addClose(listener),
    close() {
      if (listeners.close() && end.connected) end.disconnect?.();
    },
  };
}
