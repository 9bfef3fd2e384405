import type { AppMessage } from '../contract/messages.ts';
import type { Logger } from '../ports/logger.ts';
import type { AppEndpoint } from './app-endpoint.ts';
import { ServedClient } from './served-client.ts';

/** The client's end of a connection within one process. */
export interface InMemoryClient {
  /** Any value, as it might come from a window: it is validated like everything else. */
  send(message: unknown): void;
  sendAudio(frame: Uint8Array): void;
  close(): void;
}

export interface InMemoryClientOptions {
  endpoint: AppEndpoint;
  logger: Logger;
  onMessage: (message: AppMessage) => void;
  onAudio?: (frame: Uint8Array) => void;
}

/** Connects to the app without a wire. Messages arrive in later microtasks and as copies, as they would from elsewhere. */
export function connectInMemory(options: InMemoryClientOptions): InMemoryClient {
  let open = true;
  const later = (deliver: () => void): void => queueMicrotask(() => (open ? deliver() : undefined));
  const client = new ServedClient({
    endpoint: options.endpoint,
    logger: options.logger,
    wire: {
      carriesAudio: options.onAudio !== undefined,
      sendMessage(message) {
        const copy = structuredClone(message);
        later(() => options.onMessage(copy));
      },
      sendAudio(frame) {
        const copy = new Uint8Array(frame.slice(0));
        later(() => options.onAudio?.(copy));
      },
    },
  });
  return {
    send(message) {
      const copy = structuredClone(message);
      later(() => client.receive(copy));
    },
    sendAudio(frame) {
      const copy = frame.slice();
      later(() => client.receiveAudio(copy));
    },
    close() {
      open = false;
      client.closed();
    },
  };
}
