import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import type { McpServerConfig, McpServerState } from '../../contract/tools.ts';
import { ParleyError } from '../../contract/errors.ts';
import { throwIfAborted } from '../../lib/abort.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Tool, ToolOutput } from '../../ports/tool.ts';
import { problemWords } from './problem-words.ts';
import { callResultSchema, readableResult, toolListSchema, usableTools, type ListedTool } from './mcp-messages.ts';
import { openTransport, type ReadServerSecret } from './open-transport.ts';
import { fullToolName } from './tool-names.ts';

export interface McpServerOptions {
  config: McpServerConfig;
  readSecret: ReadServerSecret;
  clock: Clock;
  logger: Logger;
  /** State or tools have changed. */
  onChanged(): void;
  /** Until it has said what tools it has. Default 30 s: `npx` may have to fetch it first. */
  startTimeoutMs?: number;
}

const DEFAULT_START_TIMEOUT_MS = 30_000;
/** After a call that was given up: is the server still there? */
const PING_TIMEOUT_MS = 5_000;
/** The same rule as for our own children: at most three restarts in five minutes. */
const MAX_RESTARTS = 3;
const RESTART_WINDOW_MS = 5 * 60_000;
const FIRST_RESTART_MS = 1_000;
/** A server that says "changed" all the time is asked again once in a while. */
const REFRESH_DELAY_MS = 500;
const MAX_PAGES = 10;
/** The SDK's own timer must not be the first: deadlines are the tool box's. */
const NO_TIMEOUT = { timeout: 24 * 60 * 60_000 };

/** One MCP server: connected, asked for its tools, started again when it dies. Whatever it does ends as a state here or a failed call. */
export class McpServer {
  readonly #options: McpServerOptions;
  #client: Client | null = null;
  #tools: readonly Tool[] = [];
  #status: McpServerState['status'] = 'connecting';
  #problem: string | null = null;
  #restartsAtMs: number[] = [];
  #cancelTimer = (): void => {};
  #cancelRefresh: (() => void) | null = null;
  #closed = false;

  constructor(options: McpServerOptions) {
    this.#options = options;
  }

  get tools(): readonly Tool[] {
    return this.#tools;
  }

  get state(): McpServerState {
    const { config } = this.#options;
    return { config, status: this.#status, problem: this.#problem, toolCount: this.#tools.length };
  }

  /** Connects, anew if it was connected. Never throws: how it went is in `state`. */
  async connect(): Promise<void> {
    this.#restartsAtMs = [];
    await this.#disconnect();
    this.#set('connecting', null);
    await this.#attempt();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#disconnect();
  }

  async #attempt(): Promise<void> {
    const { config, readSecret, logger } = this.#options;
    const client = new Client({ name: 'parley', version: '1' }, { capabilities: {} });
    this.#client = client;
    try {
      await this.#inTime(
        (async () => {
          await client.connect(await openTransport(config, readSecret), NO_TIMEOUT);
          await this.#list(client);
        })(),
      );
    } catch (cause) {
      if (this.#client !== client || this.#closed) return;
      logger.warn('a tool server cannot be used', { server: config.name, code: (cause as { code?: unknown })?.code });
      this.#lost(client, cause);
      return;
    }
    if (this.#client !== client || this.#closed) return void client.close().catch(() => {});
    client.onclose = () => this.#lost(client, null);
    client.setNotificationHandler(ToolListChangedNotificationSchema, () => this.#refreshSoon(client));
    this.#set('connected', null);
  }

  async #inTime(work: Promise<void>): Promise<void> {
    const { clock, startTimeoutMs = DEFAULT_START_TIMEOUT_MS } = this.#options;
    work.catch(() => {});
    const late = Promise.withResolvers<never>();
    const cancel = clock.schedule(startTimeoutMs, () =>
      late.reject(new ParleyError({ code: 'call-timeout', stage: 'tool' })),
    );
    try {
      await Promise.race([work, late.promise]);
    } finally {
      cancel();
    }
  }

  async #list(client: Client): Promise<void> {
    const listed: unknown[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < MAX_PAGES; page++) {
      // Not `listTools`: that compiles the schemas which the server sends.
      const params = cursor === undefined ? {} : { cursor };
      const answer = await client.request({ method: 'tools/list', params }, toolListSchema, NO_TIMEOUT);
      listed.push(...answer.tools);
      cursor = answer.nextCursor;
      if (cursor === undefined) break;
    }
    if (this.#client !== client) return;
    const tools = usableTools(listed).map((tool) => this.#tool(client, tool));
    // Of two with the same name only the first is there: which one would be called must not be a matter of luck.
    this.#tools = tools.filter(({ name }, index) => tools.findIndex((other) => other.name === name) === index);
  }

  #tool(client: Client, listed: ListedTool): Tool {
    const server = this.#options.config.name;
    return {
      name: fullToolName(server, listed.name),
      server,
      description: listed.description,
      parameters: listed.parameters,
      run: (args, { signal }) => this.#call(client, listed.name, { args, signal }),
    };
  }

  async #call(
    client: Client,
    name: string,
    { args, signal }: { args: unknown; signal: AbortSignal },
  ): Promise<ToolOutput> {
    const params = { name, arguments: args as Record<string, unknown> };
    try {
      // On abort the SDK tells the server that the call is cancelled.
      const result = await client.request({ method: 'tools/call', params }, callResultSchema, {
        ...NO_TIMEOUT,
        signal,
      });
      return readableResult(result);
    } catch (cause) {
      if (signal.aborted) void this.#checkAlive(client);
      // A process that goes says so by itself; what is behind an address is only missed when it is called.
      else if (cause instanceof StreamableHTTPError || cause instanceof TypeError) this.#lost(client, cause);
      throwIfAborted(signal, 'tool');
      throw new ParleyError({ code: 'engine-failed', stage: 'tool', message: 'the server could not answer', cause });
    }
  }

  async #checkAlive(client: Client): Promise<void> {
    const { clock } = this.#options;
    const abort = new AbortController();
    const cancel = clock.schedule(PING_TIMEOUT_MS, () => abort.abort());
    try {
      await client.ping({ ...NO_TIMEOUT, signal: abort.signal });
    } catch (cause) {
      // "I do not know ping" is an answer too.
      if (abort.signal.aborted) this.#lost(client, new ParleyError({ code: 'call-timeout', stage: 'tool', cause }));
    } finally {
      cancel();
    }
  }

  #refreshSoon(client: Client): void {
    if (this.#cancelRefresh) return;
    const { clock, logger, config } = this.#options;
    this.#cancelRefresh = clock.schedule(REFRESH_DELAY_MS, () => {
      this.#cancelRefresh = null;
      this.#inTime(this.#list(client)).then(
        () => this.#options.onChanged(),
        () => {
          logger.warn('a tool server did not say what tools it has', { server: config.name });
        },
      );
    });
  }

  /** The connection is gone, or never came: once more a little later, unless that was tried often enough. */
  #lost(client: Client, cause: unknown): void {
    if (this.#client !== client || this.#closed) return;
    const wasConnected = this.#status === 'connected' || this.#restartsAtMs.length > 0;
    void this.#disconnect();
    const { clock } = this.#options;
    const nowMs = clock.nowMs();
    this.#restartsAtMs = this.#restartsAtMs.filter((atMs) => nowMs - atMs < RESTART_WINDOW_MS);
    const problem = problemWords(cause, this.#options.config);
    // One that has never worked is a matter of how it is set up.
    if (!wasConnected || this.#restartsAtMs.length >= MAX_RESTARTS) return this.#set('failed', problem);
    const delayMs = FIRST_RESTART_MS * 2 ** this.#restartsAtMs.length;
    this.#restartsAtMs.push(nowMs);
    this.#set('restarting', problem);
    this.#cancelTimer = clock.schedule(delayMs, () => void this.#attempt());
  }

  async #disconnect(): Promise<void> {
    this.#cancelTimer();
    this.#cancelRefresh?.();
    this.#cancelRefresh = null;
    const client = this.#client;
    this.#client = null;
    this.#tools = [];
    // Rejects every pending call; ends a process that does not go by itself after 2 s, and kills it after 4 s.
    await client?.close().catch(() => {});
  }

  #set(status: McpServerState['status'], problem: string | null): void {
    this.#status = status;
    this.#problem = problem;
    if (!this.#closed) this.#options.onChanged();
  }
}
