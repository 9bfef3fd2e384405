import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { WebSocketCloseCode } from '../contract/web-host.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { AppEndpoint } from './app-endpoint.ts';
import { SendBuffer, type SendLimits } from './send-buffer.ts';
import { ServedClient } from './served-client.ts';

/** The largest command is 4,000 characters of text, the largest audio frame one second at 48 kHz would be 96 KB. */
const MAX_MESSAGE_BYTES = 128 * 1024;
/** A tab that was put to sleep does not answer; one that is merely in the background does. */
const DEFAULT_PING_INTERVAL_MS = 15_000;

export interface WebSocketTransportOptions {
  endpoint: AppEndpoint;
  clock: Clock;
  logger: Logger;
  pingIntervalMs?: number;
  sendLimits?: Partial<SendLimits>;
}

/** Serves the contract over WebSockets: text frames are JSON messages, binary frames are audio. */
export class WebSocketTransport {
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false });
  readonly #options: WebSocketTransportOptions;
  readonly #countListeners = new Set<(count: number) => void>();

  constructor(options: WebSocketTransportOptions) {
    this.#options = options;
  }

  get connectionCount(): number {
    return this.#server.clients.size;
  }

  /** Called with the number of open connections after each change. */
  onConnectionCount(listener: (count: number) => void): () => void {
    this.#countListeners.add(listener);
    return () => this.#countListeners.delete(listener);
  }

  /** Takes over an upgrade request that has been found to be allowed. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      serve(webSocket, this.#options);
      webSocket.once('close', () => this.#tellCount());
      this.#tellCount();
    });
  }

  /** Tells every client that the app goes away, and cuts off those that do not answer within `graceMs`. */
  async close(graceMs = 500): Promise<void> {
    const gone = [...this.#server.clients].map(
      (client) => new Promise<void>((resolve) => client.once('close', () => resolve())),
    );
    for (const client of this.#server.clients) client.close(WebSocketCloseCode.goingAway, 'Parley is quitting');
    const cancel = this.#options.clock.schedule(graceMs, () => {
      for (const client of this.#server.clients) client.terminate();
    });
    await Promise.all(gone);
    cancel();
    this.#server.close();
  }

  #tellCount(): void {
    for (const listener of this.#countListeners) listener(this.connectionCount);
  }
}

function serve(socket: WebSocket, options: WebSocketTransportOptions): void {
  const { endpoint, clock, logger } = options;
  const buffer = new SendBuffer({
    clock,
    ...(options.sendLimits && { limits: options.sendLimits }),
    sink: {
      get bufferedBytes() {
        return socket.bufferedAmount;
      },
      write(data, flushed) {
        if (socket.readyState !== socket.OPEN) return;
        socket.send(data, { binary: typeof data !== 'string' }, (error) => (error ? undefined : flushed()));
      },
    },
    onTooSlow() {
      logger.warn('slow client closed');
      closeWith(socket, { code: WebSocketCloseCode.tooSlow, reason: 'too slow', clock });
    },
  });
  const wire = {
    carriesAudio: true,
    sendMessage: buffer.sendMessage.bind(buffer),
    sendAudio: buffer.sendAudio.bind(buffer),
  };
  const client = new ServedClient({ endpoint, logger, wire });
  const stopPinging = keepAlive(socket, options);
  socket.on('message', (data, isBinary) => {
    const bytes = bytesOf(data);
    if (isBinary) client.receiveAudio(bytes);
    else client.receive(parseJson(bytes.toString('utf8')));
  });
  // ws has closed the socket by then (an oversized or malformed frame); without a listener the process would end.
  socket.on('error', (error) => logger.warn('websocket failed', { error }));
  socket.once('close', () => {
    stopPinging();
    buffer.close();
    client.closed();
  });
}

function keepAlive(socket: WebSocket, { clock, logger, pingIntervalMs }: WebSocketTransportOptions): () => void {
  const intervalMs = pingIntervalMs ?? DEFAULT_PING_INTERVAL_MS;
  let answered = true;
  let cancel = (): void => {};
  const next = (): void => {
    cancel = clock.schedule(intervalMs, () => {
      if (!answered) {
        logger.warn('client does not answer pings');
        closeWith(socket, { code: WebSocketCloseCode.unresponsive, reason: 'unresponsive', clock });
        return;
      }
      answered = false;
      socket.ping();
      next();
    });
  };
  socket.on('pong', () => (answered = true));
  next();
  return () => cancel();
}

/** Says why, in case the client still reads, and does not wait for it: whoever is closed here has stopped answering. */
function closeWith(socket: WebSocket, { code, reason, clock }: { code: number; reason: string; clock: Clock }): void {
  socket.close(code, reason);
  const cancel = clock.schedule(1000, () => socket.terminate());
  socket.once('close', cancel);
}

function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
