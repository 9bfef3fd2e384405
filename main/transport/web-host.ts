import { randomBytes } from 'node:crypto';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { AppEndpoint } from './app-endpoint.ts';
import { HttpServer } from './http-server.ts';
import { WebAccess } from './web-access.ts';
import { cookieKey, removeControl, writeControl } from './web-host-control.ts';
import { WebSocketTransport } from './websocket.ts';

export interface WebHostOptions {
  endpoint: AppEndpoint;
  /** The built window. */
  rendererDir: string;
  /** Recordings and reports of comparisons. */
  evaluationsDir: string;
  /** For the cookie key and for the file by which `parley open` finds this host. */
  runDir: string;
  /** 0: any. */
  port: number;
  clock: Clock;
  logger: Logger;
  /** Default Date.now. */
  wallClockMs?: () => number;
}

/** The app on 127.0.0.1: the page, the WebSocket behind it, and who may have them. */
export class WebHost {
  readonly #server: HttpServer;
  readonly #sockets: WebSocketTransport;
  readonly #runDir: string;

  private constructor(parts: { server: HttpServer; sockets: WebSocketTransport; runDir: string }) {
    this.#server = parts.server;
    this.#sockets = parts.sockets;
    this.#runDir = parts.runDir;
  }

  /** Throws `not-built`, `port-in-use`. */
  static async start(options: WebHostOptions): Promise<WebHost> {
    const { endpoint, clock, logger, runDir } = options;
    const sockets = new WebSocketTransport({ endpoint, clock, logger });
    const secret = randomBytes(32).toString('base64url');
    const server = new HttpServer({
      rendererDir: options.rendererDir,
      evaluationsDir: options.evaluationsDir,
      access: new WebAccess({ key: await cookieKey(runDir), wallClockMs: options.wallClockMs ?? Date.now }),
      controlSecret: secret,
      acceptUpgrade: (request, socket, head) => sockets.accept(request, socket, head),
      logger,
    });
    await server.listen(options.port);
    try {
      await writeControl(runDir, { port: server.port, pid: process.pid, secret });
    } catch (error) {
      logger.warn('parley open will not find this run', { error });
    }
    return new WebHost({ server, sockets, runDir });
  }

  get port(): number {
    return this.#server.port;
  }

  /** Windows and tabs that are connected. */
  get connectionCount(): number {
    return this.#sockets.connectionCount;
  }

  onConnectionCount(listener: (count: number) => void): () => void {
    return this.#sockets.onConnectionCount(listener);
  }

  /** An address that lets one browser in, once. Not to be logged. */
  openUrl(): string {
    return this.#server.openUrl();
  }

  async close(): Promise<void> {
    await removeControl(this.#runDir, process.pid);
    await this.#sockets.close();
    await this.#server.close();
  }
}
