import { WebSocket } from 'ws';
import { CONTRACT_VERSION, appMessageSchema, type AppEvent, type Command } from '../../../main/contract/messages.ts';
import type { AgentLine, AppState, UserLine } from '../../../main/contract/state.ts';
import type { SeenLine } from '../../../main/evaluation/scoring/own-account.ts';
import { WEBSOCKET_PATH } from '../../../main/contract/web-host.ts';
import { deferred, type Deferred } from '../../../main/lib/deferred.ts';

/** Connects as the window does, and keeps all that is said to it. */
export class WindowClient {
  state!: AppState;
  readonly seen: SeenLine[] = [];
  readonly #socket: WebSocket;
  readonly #replies = new Map<number, Deferred<void>>();
  #lastId = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => this.#receive(JSON.parse(String(data))));
    socket.on('close', () => this.#closed());
  }

  /** `url` is the one-time address that the app prints. */
  static async connect(url: string): Promise<WindowClient> {
    const { origin, host } = new URL(url);
    const welcome = await fetch(url, { redirect: 'manual' });
    const cookie = welcome.headers.getSetCookie()[0]?.split(';')[0];
    if (!cookie) throw new Error(`the app did not let the bench in (status ${welcome.status})`);
    const socket = new WebSocket(`ws://${host}${WEBSOCKET_PATH}`, { origin, headers: { cookie } });
    const opened = deferred<void>();
    socket.once('open', () => opened.resolve());
    socket.once('error', (error) => opened.reject(error));
    await opened.promise;
    const client = new WindowClient(socket);
    await client.command({ type: 'hello', contractVersion: CONTRACT_VERSION });
    return client;
  }

  /** Resolves when the app has replied; rejects with the code of its error. */
  async command(command: Command): Promise<void> {
    const reply = deferred<void>();
    const id = ++this.#lastId;
    this.#replies.set(id, reply);
    this.#socket.send(JSON.stringify({ id, command }));
    await reply.promise;
  }

  get userLines(): SeenLine<UserLine>[] {
    return this.seen.filter((seen): seen is SeenLine<UserLine> => seen.line.role === 'user');
  }

  get agentLines(): SeenLine<AgentLine>[] {
    return this.seen.filter((seen): seen is SeenLine<AgentLine> => seen.line.role === 'agent');
  }

  close(): void {
    this.#socket.close();
  }

  #receive(data: unknown): void {
    const atMs = performance.now();
    const message = appMessageSchema.parse(data);
    if (message.type === 'event') return this.#onEvent(message.event, atMs);
    const reply = this.#replies.get(message.id);
    this.#replies.delete(message.id);
    if (message.error) reply?.reject(new Error(`the app refused a command: ${message.error.code}`));
    else reply?.resolve();
  }

  #onEvent(event: AppEvent, atMs: number): void {
    if (event.type === 'snapshot' || event.type === 'state') this.state = event.state;
    if (event.type === 'line') this.seen.push({ atMs, line: event.line });
  }

  #closed(): void {
    for (const reply of this.#replies.values()) reply.reject(new Error('the app closed the connection'));
    this.#replies.clear();
  }
}
