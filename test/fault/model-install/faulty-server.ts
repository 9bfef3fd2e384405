import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Answer = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** A file host on this machine that answers as each test needs: first the planned answers in order, then properly. */
export class FaultyServer {
  readonly requests: { range: string | undefined; ifRange: string | undefined }[] = [];
  content: Buffer;
  etag = '"first"';
  #planned: Answer[] = [];
  #server: Server;

  private constructor(content: Buffer) {
    this.content = content;
    this.#server = createServer((request, response) => {
      const { range } = request.headers;
      this.requests.push({ range, ifRange: request.headers['if-range'] as string | undefined });
      const answer = this.#planned.shift() ?? this.properly;
      void answer(request, response);
    });
  }

  static async start(content: Buffer): Promise<FaultyServer> {
    const server = new FaultyServer(content);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/file`;
  }

  /** The next request gets this answer. */
  plan(...answers: Answer[]): void {
    this.#planned.push(...answers);
  }

  /** As a good host does: ranges, If-Range, entity tag. */
  readonly properly: Answer = (request, response) => {
    const start = this.#rangeStart(request);
    const headers = { etag: this.etag, 'accept-ranges': 'bytes', 'content-length': this.content.length - start };
    if (start === 0) return void response.writeHead(200, headers).end(this.content);
    const contentRange = `bytes ${start}-${this.content.length - 1}/${this.content.length}`;
    response.writeHead(206, { ...headers, 'content-range': contentRange }).end(this.content.subarray(start));
  };

  /** Sends so many bytes of what was asked for and cuts the connection. */
  cutAfter(bytes: number): Answer {
    return this.stallAfter(bytes, (response) => response.destroy());
  }

  /** Sends so many bytes of what was asked for; what happens then is up to `then`. */
  stallAfter(bytes: number, then: (response: ServerResponse) => void = () => {}): Answer {
    return (request, response) => {
      const start = this.#rangeStart(request);
      const total = this.content.length;
      const headers = { etag: this.etag, 'content-length': total - start };
      if (start === 0) response.writeHead(200, headers);
      else response.writeHead(206, { ...headers, 'content-range': `bytes ${start}-${total - 1}/${total}` });
      response.write(this.content.subarray(start, start + bytes), () => then(response));
    };
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #rangeStart(request: IncomingMessage): number {
    const ifRange = request.headers['if-range'];
    if (ifRange !== undefined && ifRange !== this.etag) return 0;
    return Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  }
}
