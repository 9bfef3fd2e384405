import type { MessagePort, Worker } from 'node:worker_threads';
import { LinkListeners, type MessageLink } from './message-link.ts';

/** A link over a thread's port: either end of a MessageChannel, a worker's `parentPort`, or a Worker. */
export function portLink(port: MessagePort | Worker): MessageLink {
  const listeners = new LinkListeners();
  // Waits for the first listener, since a port begins to deliver with its own first listener.
  let listening = false;
  const ended = () => listeners.close();
  (port as MessagePort).on('close', ended);
  (port as Worker).on('exit', ended);
  return {
    post(message, transfer) {
      if (!listeners.closed) port.postMessage(message, transfer);
    },
    onMessage(listener) {
      listeners.addMessage(listener);
      if (listening) return;
      listening = true;
      port.on('message', (message: unknown) => listeners.message(message));
    },
    onClose: (listener) => listeners.addClose(listener),
    close() {
      if (!listeners.close()) return;
      if ('close' in port) port.close();
    },
  };
}
