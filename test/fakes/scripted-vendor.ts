import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { FakeClock } from './fake-clock.ts';

/**
 * A line of a golden transcript (`test/fixtures/s2s/<vendor>/<scene>.jsonl`). `in`: what the client has to do before it goes on; `out`: what the
 * vendor sends, after a delay in virtual time. In strings, `$bytes:from:to` is base64 of that stretch of an endless 16-bit sound of 0.25.
 */
export type Step =
  /** The client opens a socket at a path that begins like this; with `status` it is answered with that instead. */
  | { dir: 'in'; connect: string; status?: number }
  /** Status 0: it is never answered. */
  | { dir: 'in'; request: string; has?: object; status: number; body?: object }
  /** The client sends a message that contains this; others before it are let go by. */
  | { dir: 'in'; has: object }
  | { dir: 'in'; binary: true }
  /** The test has come this far. */
  | { dir: 'in'; mark: string }
  | { dir: 'out'; afterMs?: number; json?: unknown; binary?: string; raw?: string; close?: number; reason?: string };

type Seen =
  | { type: 'connect'; url: string; accept(): void; refuse(status: number): void }
  | { type: 'request'; what: string; body: unknown; answer(status: number, body: object): void }
  | { type: 'message'; message: unknown }
  | { type: 'binary' }
  | { type: 'mark'; mark: string };

/** The vendor's side of a conversation on 127.0.0.1, word for word as a transcript has it. */
export class ScriptedVendor {
  /** Every address that was asked for: keys must not be in them. */
  readonly urls: string[] = [];
  readonly headers: IncomingMessage['headers'][] = [];
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly #clock: FakeClock;
  readonly #seen: Seen[] = [];
  #wake: () => void = () => {};
  #socket: WebSocket | undefined;
  #opened: Promise<void> = Promise.resolve();
  /** Settles when the transcript has been played to its end. */
  played: Promise<void> = Promise.resolve();

  static async start(clock: FakeClock): Promise<ScriptedVendor> {
    const vendor = new ScriptedVendor(clock);
    vendor.#server.listen(0, '127.0.0.1');
    await once(vendor.#server, 'listening');
    return vendor;
  }

  private constructor(clock: FakeClock) {
    this.#clock = clock;
    this.#server = createServer((request, response) => void this.#onRequest(request, response));
    this.#server.on('upgrade', (request, socket, head) => this.#onUpgrade(request, socket, head));
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  play(path: URL): void {
    const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
    this.played = this.#play(lines.map((line) => JSON.parse(line) as Step));
    // Awaited by the test; until then it is nobody's.
    this.played.catch(() => {});
  }

  /** The test has come so far. */
  mark(mark: string): void {
    this.#see({ type: 'mark', mark });
  }

  async stop(): Promise<void> {
    this.#see({ type: 'mark', mark: 'stopped' });
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #play(steps: Step[]): Promise<void> {
    for (const step of steps) {
      if (step.dir === 'in') await this.#await(step);
      else await this.#send(step);
    }
  }

  async #await(step: Extract<Step, { dir: 'in' }>): Promise<void> {
    for (;;) {
      const seen = this.#seen.shift();
      if (seen && this.#fulfils(step, seen)) return;
      if (seen?.type === 'mark' && seen.mark === 'stopped') throw new Error(`never came: ${JSON.stringify(step)}`);
      if (!seen) await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  #fulfils(step: Extract<Step, { dir: 'in' }>, seen: Seen): boolean {
    if ('connect' in step && seen.type === 'connect') {
      if (!seen.url.startsWith(step.connect)) throw new Error(`connected to ${seen.url}`);
      if (step.status) seen.refuse(step.status);
      else seen.accept();
      return true;
    }
    if ('request' in step && seen.type === 'request') {
      if (seen.what !== step.request) throw new Error(`asked for ${seen.what}`);
      if (step.has && !contains(seen.body, step.has)) throw new Error(`asked with ${JSON.stringify(seen.body)}`);
      if (step.status > 0) seen.answer(step.status, step.body ?? {});
      return true;
    }
    if ('has' in step && seen.type === 'message') return contains(seen.message, step.has);
    if ('binary' in step && seen.type === 'binary') return true;
    return 'mark' in step && seen.type === 'mark' && seen.mark === step.mark;
  }

  async #send({ afterMs = 0, json, binary, raw, close, reason }: Extract<Step, { dir: 'out' }>): Promise<void> {
    await this.#opened;
    if (afterMs > 0) await this.#clock.advanceAsync(afterMs);
    const socket = this.#socket!;
    if (json !== undefined) await sent(socket, JSON.stringify(json, withSound));
    if (raw !== undefined) await sent(socket, raw);
    if (binary !== undefined) await sent(socket, Buffer.from(withSound('', binary) as string, 'base64'));
    if (close === 1006) socket.terminate();
    else if (close !== undefined) socket.close(close, reason);
  }

  #onUpgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const url = request.url ?? '';
    this.urls.push(url);
    this.headers.push(request.headers);
    const accept = (): void => {
      this.#opened = new Promise((resolve) => {
        this.#sockets.handleUpgrade(request, stream, head, (socket) => {
          this.#socket = socket;
          socket.on('error', () => {});
          socket.on('message', (data: Buffer, isBinary) => {
            if (isBinary) this.#see({ type: 'binary' });
            else this.#see({ type: 'message', message: JSON.parse(data.toString('utf8')) });
          });
          resolve();
        });
      });
    };
    const refuse = (status: number): void => void stream.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`);
    stream.on('error', () => {});
    this.#see({ type: 'connect', url, accept, refuse });
  }

  async #onRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.urls.push(request.url ?? '');
    this.headers.push(request.headers);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8') || 'null');
    const answer = (status: number, content: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      const webSocketUrl = this.baseUrl.replace('http', 'ws');
      response.end(JSON.stringify(content).replaceAll('$base', webSocketUrl));
    };
    this.#see({ type: 'request', what: `${request.method} ${request.url}`, body, answer });
  }

  #see(seen: Seen): void {
    this.#seen.push(seen);
    this.#wake();
  }
}

function sent(socket: WebSocket, data: string | Buffer): Promise<void> {
  return new Promise((resolve) => socket.send(data, () => resolve()));
}

/** 0x2000 = 0.25 over and over. */
function withSound(_key: string, value: unknown): unknown {
  const [, from, to] = (typeof value === 'string' && /^\$bytes:(\d+):(\d+)$/.exec(value)) || [];
  if (from === undefined) return value;
  const length = Number(to) - Number(from);
  const bytes = Buffer.from(Array.from({ length }, (_, i) => ((Number(from) + i) % 2 === 0 ? 0x00 : 0x20)));
  return bytes.toString('base64');
}

function contains(whole: unknown, part: unknown): boolean {
  if (Array.isArray(part)) {
    return Array.isArray(whole) && part.length === whole.length && part.every((each, i) => contains(whole[i], each));
  }
  if (typeof part !== 'object' || part === null) return whole === part;
  if (typeof whole !== 'object' || whole === null) return false;
  return Object.entries(part).every(([key, value]) => contains((whole as Record<string, unknown>)[key], value));
}
