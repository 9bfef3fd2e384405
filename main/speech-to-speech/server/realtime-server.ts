import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { ParleyError } from '../../contract/errors.ts';
import { isLoopbackUrl } from '../../lib/loopback-url.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { OpenResampler } from '../../ports/resampler.ts';
import type { VoiceArchitecture } from '../../ports/voice-architecture.ts';
import { RealtimeConnection, type ServedSession } from './realtime-connection.ts';

export interface RealtimeServerOptions {
  /** 0: any free one. */
  port: number;
  /** What a client has to show: `Authorization: Bearer <token>`, or from a browser the subprotocol `openai-insecure-api-key.<token>`. */
  token: string;
  /** What answers, for one conversation. */
  architectureFor(session: ServedSession): VoiceArchitecture;
  modelName: string;
  clock: Clock;
  logger: Logger;
  openResampler: OpenResampler;
  /** A client has come; null: it has left. */
  onClient?(client: RealtimeClient | null): void;
}

/** Who has come, as it calls itself (`User-Agent`). */
export interface RealtimeClient {
  name: string | null;
}

export const REALTIME_PATH = '/v1/realtime';
/** Loopback only: Parley is for the person at this machine. */
const ADDRESS = '127.0.0.1';
/** 30 s of base64 speech in one message; the protocol's clients send 20 to 200 ms. */
const MAX_MESSAGE_BYTES = 2 * 2 ** 20;
/** Answers go out little faster than they are played: who has not read 20 s of them does not read. */
const MAX_UNSENT_BYTES = 2 ** 20;
const PING_INTERVAL_MS = 15_000;
const CLOSE_WITHIN_MS = 1000;
/** Who reconnects may be here before its old connection is gone. */
const WAIT_FOR_PLACE_MS = 500;
/** A stream that jumps by more than the ears keep begins anew: each client's a day after the one before. */
const DAY_SAMPLES = 24 * 3600 * 16_000;
const KEY_PROTOCOL = 'openai-insecure-api-key.';

/** Why the server closed a WebSocket, by RFC 6455. */
const CloseCode = { goingAway: 1001, tooMuch: 1009, failed: 1011, busy: 1013 } as const;

/** Parley as a Realtime endpoint on this machine: one conversation at a time, for whoever has the token. */
export class RealtimeServer {
  readonly #options: RealtimeServerOptions;
  readonly #http: Server;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    // The key came as a subprotocol: it is not to be echoed.
    handleProtocols: (offered) => (offered.has('realtime') ? 'realtime' : false),
  });
  /** Of the conversation that is going on. */
  #connection: RealtimeConnection | null = null;
  #served = 0;
  /** The next one, while the one before is leaving. */
  #next: (() => void) | null = null;
  /** Clients whose conversations are being ended. */
  readonly #leaving = new Set<Promise<void>>();

  /** Rejects with `port-in-use`. */
  static async start(options: RealtimeServerOptions): Promise<RealtimeServer> {
    const server = new RealtimeServer(options);
    await new Promise<void>((resolve, reject) => {
      server.#http.once('error', (cause: NodeJS.ErrnoException) => {
        const code = cause.code === 'EADDRINUSE' ? 'port-in-use' : 'internal';
        reject(new ParleyError({ code, stage: 'transport', detail: String(options.port), cause }));
      });
      server.#http.listen(options.port, ADDRESS, resolve);
    });
    return server;
  }

  private constructor(options: RealtimeServerOptions) {
    this.#options = options;
    this.#http = createServer((_request, response) => {
      response.writeHead(426, { upgrade: 'websocket', connection: 'close' }).end();
    });
    this.#http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  /** What clients are given as base address. */
  get baseUrl(): string {
    return `http://${ADDRESS}:${this.port}/v1`;
  }

  /** Ends the conversation; resolves when nothing of the server is left. */
  async close(): Promise<void> {
    this.#next = null;
    for (const socket of this.#sockets.clients) this.#closeSocket(socket, CloseCode.goingAway, 'Parley is quitting');
    const closed = new Promise<void>((resolve) => this.#http.close(() => resolve()));
    await Promise.all([...this.#sockets.clients].map((socket) => new Promise((done) => socket.once('close', done))));
    this.#http.closeAllConnections();
    await Promise.all(this.#leaving);
    await closed;
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // A client that is gone before it is answered.
    socket.on('error', () => socket.destroy());
    const refusal = this.#refusalOf(request);
    if (refusal) return void socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) =>
      this.#accept(webSocket, { name: nameOf(request.headers) }),
    );
  }

  #refusalOf({ url = '', headers }: IncomingMessage): string | null {
    if (new URL(url, `http://${ADDRESS}`).pathname !== REALTIME_PATH) return '404 Not Found';
    if (headers.origin !== undefined && !isLoopbackUrl(headers.origin)) return '403 Forbidden';
    return isSame(tokenOf(headers) ?? '', this.#options.token) ? null : '401 Unauthorized';
  }

  #accept(socket: WebSocket, client: RealtimeClient): void {
    // ws has closed the socket by then (an oversized or malformed frame); without a listener the process would end.
    socket.on('error', (error) => this.#options.logger.warn('a realtime client failed', { error }));
    if (!this.#connection) return this.#welcome(socket, client);
    if (this.#next) return this.#refuse(socket);
    socket.pause();
    const decide = (isFree: boolean): void => {
      this.#next = null;
      stopWaiting();
      socket.resume();
      if (isFree) this.#welcome(socket, client);
      else this.#refuse(socket);
    };
    const stopWaiting = this.#options.clock.schedule(WAIT_FOR_PLACE_MS, () => decide(false));
    this.#next = () => decide(true);
  }

  #welcome(socket: WebSocket, client: RealtimeClient): void {
    const { logger, onClient } = this.#options;
    const connection = this.#serve(socket);
    this.#connection = connection;
    onClient?.(client);
    const stopPinging = this.#keepAlive(socket);
    socket.on('message', (data, isBinary) => {
      if (!isBinary) connection.receive((data as Buffer).toString('utf8'));
    });
    socket.once('close', () => {
      stopPinging();
      const left = connection
        .close()
        .catch((error: unknown) => logger.error('a realtime conversation did not end well', { error }))
        .then(() => {
          // Only now may the next one come: its session would hear with the same ears.
          this.#connection = null;
          this.#leaving.delete(left);
          onClient?.(null);
          this.#next?.();
        });
      this.#leaving.add(left);
    });
  }

  #serve(socket: WebSocket): RealtimeConnection {
    return new RealtimeConnection({
      ...this.#options,
      firstSample: this.#served++ * DAY_SAMPLES,
      newId: randomUUID,
      send: (json) => {
        if (socket.readyState !== socket.OPEN) return;
        if (socket.bufferedAmount > MAX_UNSENT_BYTES) {
          return this.#closeSocket(socket, CloseCode.tooMuch, 'too slow');
        }
        socket.send(json, () => {
          // A failure is told by the close that follows it.
        });
      },
      onFailed: (error) => this.#closeSocket(socket, CloseCode.failed, error.code),
    });
  }

  #refuse(socket: WebSocket): void {
    const message = 'Another client is in conversation. Parley has one at a time.';
    const error = { type: 'server_error', code: 'too_many_sessions', message, param: null, event_id: null };
    socket.send(JSON.stringify({ type: 'error', event_id: `event_${randomUUID()}`, error }));
    this.#closeSocket(socket, CloseCode.busy, 'one conversation at a time');
  }

  /** A client that is gone without a word must not keep the others out. */
  #keepAlive(socket: WebSocket): () => void {
    const { clock } = this.#options;
    let hasAnswered = true;
    let cancel = (): void => {};
    const next = (): void => {
      cancel = clock.schedule(PING_INTERVAL_MS, () => {
        if (!hasAnswered) return socket.terminate();
        hasAnswered = false;
        socket.ping();
        next();
      });
    };
    socket.on('pong', () => (hasAnswered = true));
    next();
    return () => cancel();
  }

  #closeSocket(socket: WebSocket, code: number, reason: string): void {
    socket.close(code, reason);
    const cancel = this.#options.clock.schedule(CLOSE_WITHIN_MS, () => socket.terminate());
    socket.once('close', cancel);
  }
}

/** Shown to the user: what a program says of itself, without what would not be seen. */
function nameOf({ 'user-agent': agent = '' }: IncomingMessage['headers']): string | null {
  return (
    agent
      .replace(/[^\x20-\x7e]/g, '')
      .slice(0, 80)
      .trim() || null
  );
}

function tokenOf(headers: IncomingMessage['headers']): string | undefined {
  const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
  if (bearer !== undefined) return bearer.trim();
  const protocols = (headers['sec-websocket-protocol'] ?? '').split(',').map((each) => each.trim());
  return protocols.find((each) => each.startsWith(KEY_PROTOCOL))?.slice(KEY_PROTOCOL.length);
}

/** Compares without telling by its timing how much was right. */
function isSame(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}
