import type { McpServerConfig, McpServerState } from '../../contract/tools.ts';
import { ParleyError } from '../../contract/errors.ts';
import type { Tool, ToolSource } from '../../ports/tool.ts';
import { McpServer, type McpServerOptions } from './mcp-server.ts';

export type McpServersOptions = Omit<McpServerOptions, 'config' | 'onChanged'>;

/** All MCP servers that the user has connected, as one source of tools. */
export class McpServers implements ToolSource {
  readonly #options: McpServersOptions;
  readonly #servers = new Map<string, McpServer>();
  readonly #listeners = new Set<() => void>();

  constructor(options: McpServersOptions) {
    this.#options = options;
  }

  get tools(): readonly Tool[] {
    return [...this.#servers.values()].flatMap(({ tools }) => tools);
  }

  get states(): McpServerState[] {
    return [...this.#servers.values()].map(({ state }) => state);
  }

  onChanged(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Adds a server, or replaces the one of this name, and resolves when it is connected or has failed. */
  async put(config: McpServerConfig): Promise<void> {
    const before = this.#servers.get(config.name);
    const server = new McpServer({ ...this.#options, config, onChanged: () => this.#changed() });
    this.#servers.set(config.name, server);
    await before?.close();
    await server.connect();
  }

  async remove(name: string): Promise<void> {
    const server = this.#servers.get(name);
    this.#servers.delete(name);
    this.#changed();
    await server?.close();
  }

  /** Connects anew and resolves when that has succeeded or failed. Throws `bad-input` when there is no such server. */
  async reconnect(name: string): Promise<void> {
    const server = this.#servers.get(name);
    if (!server) throw new ParleyError({ code: 'bad-input', stage: 'tool', message: 'no such server' });
    await server.connect();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#servers.values()].map((server) => server.close()));
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
