import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { ResponderTools } from './cascade/llm-responder.ts';
import type { RenderedSpeech } from './cascade/responder-chain.ts';
import { ParleyError, type SerialisedError } from './contract/errors.ts';
import type { AppEvent } from './contract/messages.ts';
import type { McpServerConfig, ToolCommand, ToolsState } from './contract/tools.ts';
import type { ParleyPaths } from './platform/paths.ts';
import type { SecretSource } from './platform/secrets.ts';
import type { SettingsStore } from './platform/settings.ts';
import type { Clock } from './ports/clock.ts';
import type { Logger } from './ports/logger.ts';
import type { Scene } from './evaluation/scene.ts';
import type { BeforeToolCall, Tool } from './ports/tool.ts';
import type { ToolAudit } from './ports/tool-audit.ts';
import type { WallClock } from './ports/wall-clock.ts';
import { SqliteToolAudit } from './records/sqlite-tool-audit.ts';
import { GuardedToolBox } from './tools/guarded-tool-box.ts';
import { localTools, type AskSkill } from './tools/local-tools.ts';
import { McpServers } from './tools/mcp/mcp-servers.ts';
import type { ClientConnection } from './transport/app-endpoint.ts';

export interface AppToolsOptions {
  clock: Clock;
  wallClock: WallClock;
  logger: Logger;
  paths: ParleyPaths;
  settings: SettingsStore;
  secrets: SecretSource;
  report(error: SerialisedError): void;
  broadcast(event: AppEvent): void;
  /** A guardrail; asked before every call. Default: none. */
  beforeCall?: BeforeToolCall;
  /** Brings tools of its own. */
  scene?: Scene;
}

/** Tools of every architecture: ours and those of MCP servers, behind one gate, and what windows may do with them. */
export class AppTools {
  readonly box: GuardedToolBox;
  readonly #options: AppToolsOptions;
  readonly #audit: ToolAudit;
  readonly #servers: McpServers;
  #ask: AskSkill = () => null;
  #modelCanCall: boolean | null = null;
  #isTelling = false;

  constructor(options: AppToolsOptions) {
    const { settings, secrets, clock, logger, beforeCall } = options;
    this.#options = options;
    this.#audit = openAudit(options);
    const readSecret = (server: string, name: string): Promise<string | undefined> =>
      secrets.read(`mcp:${server}:${name}`);
    this.#servers = new McpServers({ clock, logger, readSecret });
    this.box = new GuardedToolBox({
      ...options,
      sources: [
        localTools((userText) => this.#ask(userText)),
        this.#servers,
        ...(options.scene?.tools ? [options.scene.tools] : []),
      ],
      choices: settings,
      audit: this.#audit,
      newId: randomUUID,
      ...(beforeCall ? { beforeCall } : {}),
    });
    this.#servers.onChanged(() => this.#changed());
    this.box.approvals.onChanged(() => this.#changed());
  }

  /** The skills that our own tools are made of. */
  useSkills(ask: AskSkill): void {
    this.#ask = ask;
  }

  /** For the language model of a cascade. */
  forResponder(rendered: RenderedSpeech): ResponderTools {
    return {
      box: this.box,
      clock: this.#options.clock,
      rendered,
      onModel: (canCall) => {
        if (canCall === this.#modelCanCall) return;
        this.#modelCanCall = canCall;
        this.#changed();
      },
    };
  }

  /** Names of the servers whose tools can be used now. */
  connectedServers(): string[] {
    return this.#servers.states.filter(({ status }) => status === 'connected').map(({ config }) => config.name);
  }

  /** Connects to the servers of the settings, each for itself. */
  start(): void {
    for (const config of this.#options.settings.current.mcpServers) void this.#servers.put(config);
  }

  connected(connection: ClientConnection): void {
    connection.send({ type: 'tools', tools: this.#state() });
  }

  async handle(connection: ClientConnection, command: ToolCommand): Promise<void> {
    switch (command.type) {
      case 'answer-tool-approval':
        return this.box.approvals.answer(command.approvalId, command.answer);
      case 'set-tool-permission':
        await this.box.permissions.choose(this.#tool(command.tool), command.permission);
        return this.#changed();
      case 'set-tool-risk':
        await this.box.permissions.setRisk(this.#tool(command.tool), command.risk);
        return this.#changed();
      case 'put-mcp-server':
        return this.#put(command.server);
      case 'remove-mcp-server':
        return this.#remove(command.name);
      case 'test-mcp-server':
        // How it goes is seen in the server's state: it can take longer than a window waits for a reply.
        return void this.#servers.reconnect(command.name).catch((error: unknown) => this.#report(error));
      case 'find-tool-calls': {
        const { search } = command;
        return connection.send({ type: 'tool-calls', search, calls: this.#audit.find(search) });
      }
      case 'forget-tool-calls':
        return this.#audit.forget(command.ids);
      default:
        command satisfies never;
    }
  }

  async close(): Promise<void> {
    await this.#servers.close();
    this.#audit.close();
  }

  async #put(server: McpServerConfig): Promise<void> {
    const { settings } = this.#options;
    const before = settings.current.mcpServers.find(({ name }) => name === server.name);
    const others = settings.current.mcpServers.filter(({ name }) => name !== server.name);
    await settings.update({ mcpServers: [...others, server] });
    // Another program or address under an old name has not earned the old permissions.
    if (before && JSON.stringify(before) !== JSON.stringify(server))
      await this.box.permissions.forgetServer(server.name);
    void this.#servers.put(server);
  }

  async #remove(name: string): Promise<void> {
    const { settings } = this.#options;
    await settings.update({ mcpServers: settings.current.mcpServers.filter((each) => each.name !== name) });
    await this.box.permissions.forgetServer(name);
    await this.#servers.remove(name);
  }

  #tool(name: string): Tool {
    const tool = this.box.find(name);
    if (tool) return tool;
    throw new ParleyError({ code: 'bad-input', stage: 'tool', message: 'no such tool' });
  }

  #state(): ToolsState {
    return {
      servers: this.#servers.states,
      tools: this.box.states(),
      approvals: this.box.approvals.pending,
      modelCanCall: this.#modelCanCall,
    };
  }

  /** Once for all changes of a moment. */
  #changed(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    queueMicrotask(() => {
      this.#isTelling = false;
      this.#options.broadcast({ type: 'tools', tools: this.#state() });
    });
  }

  #report(cause: unknown): void {
    this.#options.report(ParleyError.from(cause, 'tool').serialise());
  }
}

/** Without the file, tools are recorded until the program ends, and the user is told. */
function openAudit({ paths, logger, report }: AppToolsOptions): ToolAudit {
  try {
    return new SqliteToolAudit(join(paths.dataDir, 'tools.sqlite'));
  } catch (cause) {
    const error = ParleyError.from(cause, 'app');
    logger.error('tool calls cannot be kept', { error });
    report(error.serialise());
    return new SqliteToolAudit(':memory:');
  }
}
