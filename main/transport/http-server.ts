import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { wordsFor } from '../contract/error-words.ts';
import { ParleyError } from '../contract/errors.ts';
import { WEBSOCKET_PATH } from '../contract/web-host.ts';
import type { Logger } from '../ports/logger.ts';
import { EVALUATIONS_PATH, readEvaluationFile } from './evaluation-files.ts';
import { pageHeaders } from './page-headers.ts';
import { cookieOf, isFromHere, isOwnHost, isOwnOrigin } from './request-checks.ts';
import { readStaticFile } from './static-files.ts';
import { COOKIE_MAX_AGE_S, equal, type WebAccess } from './web-access.ts';

export const OPEN_LINK_PATH = '/open-link';
/** Loopback only: Parley is for the person at this machine. */
const ADDRESS = '127.0.0.1';
/** How many ports are tried, counting up from the wanted one. */
const PORTS_TRIED = 10;

export interface HttpServerOptions {
  /** The built window: index.html and its assets. */
  rendererDir: string;
  /** Recordings and reports of comparisons, below EVALUATIONS_PATH. */
  evaluationsDir: string;
  access: WebAccess;
  /** What a program of the same user must show to get a new link (web-host-control.ts). */
  controlSecret: string;
  /** Takes over upgrade requests that were found to be allowed. */
  acceptUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  logger: Logger;
}

/** Serves the window to browsers on this machine that may have it. */
export class HttpServer {
  readonly #options: HttpServerOptions;
  readonly #server: Server;
  #port = 0;

  constructor(options: HttpServerOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => {
      this.#handle(request, response).catch((error: unknown) => {
        options.logger.error('request failed', { error });
        if (!response.headersSent) this.#answer(response, 500, 'Something went wrong.');
        else response.destroy();
      });
    });
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  get port(): number {
    return this.#port;
  }

  /**
   * Listens on the wanted port, or the next free one of the ten from there on; 0 takes any. Throws `not-built` when the window is not
   * there, `port-in-use`.
   */
  async listen(wantedPort: number): Promise<void> {
    if (!(await readStaticFile(this.#options.rendererDir, '/'))) {
      throw new ParleyError({ code: 'not-built', stage: 'app' });
    }
    const last = wantedPort === 0 ? 0 : Math.min(65_535, wantedPort + PORTS_TRIED - 1);
    for (let port = wantedPort; port <= last; port++) {
      if (await this.#tryListen(port)) return;
    }
    const detail = last === wantedPort ? `${wantedPort}` : `${wantedPort} to ${last}`;
    throw new ParleyError({ code: 'port-in-use', stage: 'app', detail });
  }

  /** An address that lets one browser in, once. Not to be logged. */
  openUrl(): string {
    return `http://${ADDRESS}:${this.#port}/?token=${this.#options.access.issueToken()}`;
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #tryListen(port: number): Promise<boolean> {
    try {
      this.#server.listen({ port, host: ADDRESS, exclusive: true });
      await once(this.#server, 'listening');
      this.#port = (this.#server.address() as AddressInfo).port;
      return true;
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code === 'EADDRINUSE' || code === 'EACCES') return false;
      throw ParleyError.from(cause, 'app');
    }
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { headers, method = 'GET', url = '' } = request;
    request.resume();
    if (!isOwnHost(headers, this.#port)) return this.#answer(response, 403, 'This is not the address of this Parley.');
    if (!isFromHere(headers)) return this.#answer(response, 403, 'Parley does not answer other sites.');
    const [path = '', query = ''] = url.split('?', 2);
    if (path === OPEN_LINK_PATH) return this.#openLink(request, response);
    if (method !== 'GET' && method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      return this.#answer(response, 405, 'Only GET and HEAD.');
    }
    if (path === '/healthz') return this.#answer(response, 200, '{"status":"ok"}', 'application/json');
    const token = path === '/' ? new URLSearchParams(query).get('token') : null;
    if (token !== null && (this.#redeem(request, token) || this.#isKnown(headers)))
      return this.#welcome(request, response);
    if (!this.#isKnown(headers)) return this.#refuse(response);
    if (path.startsWith(EVALUATIONS_PATH)) return this.#evaluationFile(response, path, headers.range);
    const file = await readStaticFile(this.#options.rendererDir, path);
    if (!file) return this.#answer(response, 404, 'There is no such file.');
    // Each time the page is opened, the cookie lasts anew.
    if (path === '/') this.#setCookie(response);
    this.#send(response, 200, { 'content-type': file.contentType, 'cache-control': file.cacheControl }, file.body);
  }

  async #evaluationFile(response: ServerResponse, path: string, range: string | undefined): Promise<void> {
    const part = await readEvaluationFile(this.#options.evaluationsDir, path, range);
    if (!part) return this.#answer(response, 404, 'There is no such file.');
    this.#send(response, part.status, part.headers, part.body);
  }

  /** HEAD must not use a token up: link previews ask that way. */
  #redeem(request: IncomingMessage, token: string): boolean {
    return request.method === 'GET' && this.#options.access.redeemToken(token);
  }

  /**
   * On to the page, without the token in the address. When another site has sent the user here (a link in a web page or web terminal),
   * the browser would keep a strict cookie back on a redirect, but not when the page itself goes on.
   */
  #welcome(request: IncomingMessage, response: ServerResponse): void {
    this.#setCookie(response);
    response.setHeader('cache-control', 'no-store');
    const site = request.headers['sec-fetch-site'];
    if (site === undefined || site === 'none' || site === 'same-origin') {
      response.setHeader('location', '/');
      return this.#answer(response, 303, '');
    }
    const html = '<!doctype html><title>Parley</title><meta http-equiv="refresh" content="0;url=/">';
    this.#answer(response, 200, html, 'text/html; charset=utf-8');
  }

  #refuse(response: ServerResponse): void {
    const words = wordsFor({ code: 'not-authorised', stage: 'transport', message: '', retryable: false });
    this.#answer(response, 401, `${words.title}\n${words.nextStep}\n`);
  }

  #openLink(request: IncomingMessage, response: ServerResponse): void {
    const shown = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (request.method !== 'POST' || shown === undefined || !equal(shown, this.#options.controlSecret)) {
      return this.#refuse(response);
    }
    response.setHeader('cache-control', 'no-store');
    this.#answer(response, 200, JSON.stringify({ url: this.openUrl() }), 'application/json');
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const { headers, url } = request;
    if (!isOwnHost(headers, this.#port) || !isOwnOrigin(headers)) return refuseUpgrade(socket, '403 Forbidden');
    if (url !== WEBSOCKET_PATH) return refuseUpgrade(socket, '404 Not Found');
    if (!this.#isKnown(headers)) return refuseUpgrade(socket, '401 Unauthorized');
    this.#options.acceptUpgrade(request, socket, head);
  }

  /** Cookies do not know ports: two Parleys on one machine need two names. */
  get #cookieName(): string {
    return `parley-${this.#port}`;
  }

  #isKnown(headers: IncomingMessage['headers']): boolean {
    const cookie = cookieOf(headers, this.#cookieName);
    return cookie !== undefined && this.#options.access.acceptsCookie(cookie);
  }

  #setCookie(response: ServerResponse): void {
    const value = this.#options.access.issueCookie();
    response.setHeader(
      'set-cookie',
      `${this.#cookieName}=${value}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${COOKIE_MAX_AGE_S}`,
    );
  }

  #answer(response: ServerResponse, status: number, text: string, contentType = 'text/plain; charset=utf-8'): void {
    this.#send(response, status, { 'content-type': contentType }, Buffer.from(text));
  }

  #send(response: ServerResponse, status: number, headers: Record<string, string>, body: Buffer): void {
    const host = response.req.headers.host;
    const all = {
      'cache-control': 'no-store',
      ...pageHeaders({ webSocketOrigin: `ws://${isOwnHost(response.req.headers, this.#port) ? host : ADDRESS}` }),
      ...response.getHeaders(),
      ...headers,
      'content-length': String(body.byteLength),
    };
    response.writeHead(status, all as Record<string, string>);
    response.end(response.req.method === 'HEAD' ? undefined : body);
  }
}

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
