import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deferred, type Deferred } from '../../main/lib/deferred.ts';
import { words } from './fake-llm.ts';

/** What the server does with a request. Counts are pieces of text that are sent properly before. */
export type Behaviour =
  | { type: 'answer' }
  | { type: 'status'; status: number; body?: unknown }
  /** The connection is destroyed. */
  | { type: 'cut'; afterPieces: number }
  | { type: 'malformed-json'; afterPieces: number }
  /** An error object inside the stream, as servers send when they fail late. */
  | { type: 'error-event'; afterPieces: number }
  /** Nothing more comes and the connection stays open. */
  | { type: 'stall'; afterPieces: number }
  /** These, one a chunk, and nothing else. */
  | { type: 'deltas'; deltas: Record<string, unknown>[] }
  /** As the request asks for. One token is asked for ahead, and is no question. */
  | { type: 'by-request'; choose(body: SeenRequest['body']): Behaviour }
  /** Nothing comes, not even headers, until `release()`. */
  | { type: 'slow-first-byte' };

export interface SeenRequest {
  path: string;
  authorization: string | undefined;
  body: { model: string; messages: { role: string; content: string }[]; max_tokens?: number } & Record<string, unknown>;
}

/** An endpoint on 127.0.0.1 that speaks enough of OpenAI's chat completions, well or badly. */
export class FakeOpenAiServer {
  /** Applies to every request from now on. */
  behaviour: Behaviour = { type: 'answer' };
  readonly requests: SeenRequest[] = [];
  /** Words of prompt and answer beyond which it says that the context is too long. */
  capacityTokens = 500;
  readonly #server: Server;
  #released = deferred<void>();
  #nextRequest: Deferred<void> = deferred();
  #nextClose: Deferred<void> = deferred();

  static async start(): Promise<FakeOpenAiServer> {
    const fake = new FakeOpenAiServer();
    const listening = deferred<void>();
    fake.#server.listen(0, '127.0.0.1', () => listening.resolve());
    await listening.promise;
    return fake;
  }

  private constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  /** Resolves when the next request has come in whole. */
  nextRequest(): Promise<void> {
    return this.#nextRequest.promise;
  }

  /** Resolves when the client closes the next connection before its response was complete. */
  nextAbandoned(): Promise<void> {
    return this.#nextClose.promise;
  }

  /** Lets slow first bytes go. */
  release(): void {
    this.#released.resolve();
  }

  async stop(): Promise<void> {
    const closed = deferred<void>();
    this.#server.close(() => closed.resolve());
    this.#server.closeAllConnections();
    await closed.promise;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('close', () => {
      if (response.writableFinished) return;
      this.#nextClose.resolve();
      this.#nextClose = deferred();
    });
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as SeenRequest['body'];
    this.requests.push({ path: request.url ?? '', authorization: request.headers.authorization, body });
    this.#nextRequest.resolve();
    this.#nextRequest = deferred();
    await this.#behave(this.behaviour, body, response);
  }

  async #behave(behaviour: Behaviour, body: SeenRequest['body'], response: ServerResponse): Promise<void> {
    if (behaviour.type === 'by-request') {
      const chosen: Behaviour = body.max_tokens === 1 ? { type: 'answer' } : behaviour.choose(body);
      return this.#behave(chosen, body, response);
    }
    if (behaviour.type === 'status') return sendJson(response, behaviour.status, behaviour.body ?? {});
    if (behaviour.type === 'slow-first-byte') await this.#released.promise;
    if (behaviour.type === 'deltas') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const delta of behaviour.deltas) sendEvent(response, chunkOf(delta));
      sendEvent(response, chunkOf({}, 'tool_calls'));
      return void response.end('data: [DONE]\n\n');
    }
    const promptTokens = body.messages.flatMap((message) => words(message.content)).length;
    const maxTokens = body.max_tokens ?? 160;
    if (promptTokens + maxTokens > this.capacityTokens) {
      return sendJson(response, 400, { error: { code: 'context_length_exceeded', message: 'Too long.' } });
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const pieces = words(`You said: ${body.messages.at(-1)?.content ?? ''}`).slice(0, maxTokens);
    sendEvent(response, chunkOf({ role: 'assistant', content: '' }));
    for (const [index, piece] of [...pieces, undefined].entries()) {
      if (response.destroyed) return;
      if ('afterPieces' in behaviour && behaviour.afterPieces === index) return misbehave(behaviour, response);
      if (piece !== undefined) sendEvent(response, chunkOf({ content: piece }));
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    sendEvent(response, chunkOf({}, 'stop'));
    response.end('data: [DONE]\n\n');
  }
}

function misbehave(behaviour: Extract<Behaviour, { afterPieces: number }>, response: ServerResponse): void {
  switch (behaviour.type) {
    case 'cut':
      response.destroy();
      return;
    case 'malformed-json':
      response.end('data: {"choices": [{"delta": {"content": "half of\n\n');
      return;
    case 'error-event':
      sendEvent(response, { error: { message: 'Out of memory.', type: 'server_error' } });
      response.end();
      return;
    case 'stall':
      return;
    default:
      return behaviour satisfies never;
  }
}

function chunkOf(delta: Record<string, unknown>, finishReason: string | null = null): unknown {
  return { object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finishReason }] };
}

function sendEvent(response: ServerResponse, data: unknown): void {
  response.write(`data: ${JSON.stringify(data)}\n\n`);
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
