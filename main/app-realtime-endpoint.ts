import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppRealtime, ServedEndpoint } from './app-realtime.ts';
import { architectureLabel, LOOPBACK_LABEL } from './contract/architecture.ts';
import { ParleyError } from './contract/errors.ts';
import type {
  RealtimeEndpointCommand,
  RealtimeEndpointSettings,
  RealtimeEndpointState,
} from './contract/realtime-endpoint.ts';
import { SerialQueue } from './lib/serial-queue.ts';
import type { AppStateStore } from './pipeline/app-state-store.ts';
import { writeFileAtomically } from './platform/atomic-file.ts';
import type { ParleyPaths } from './platform/paths.ts';
import type { SettingsStore } from './platform/settings.ts';
import type { Logger } from './ports/logger.ts';
import type { VoiceArchitecture } from './ports/voice-architecture.ts';
import type { ClientConnection } from './transport/app-endpoint.ts';

export interface AppRealtimeEndpointOptions {
  settings: SettingsStore;
  paths: Pick<ParleyPaths, 'dataDir'>;
  logger: Logger;
  store: AppStateStore;
  realtime: Pick<AppRealtime, 'serve'>;
  architectures(): readonly VoiceArchitecture[];
  /** Wall-clock time as ISO 8601. */
  stamp(): string;
}

type Shown = Pick<RealtimeEndpointState, 'status' | 'address' | 'client' | 'error'>;

const OFF: Shown = { status: 'off', address: null, client: null, error: null };

/** The endpoint for other programs as the settings have it, and what windows may do with it. */
export class AppRealtimeEndpoint {
  readonly #options: AppRealtimeEndpointOptions;
  /** One change after the other: a port is free again when its server is gone. */
  readonly #changes = new SerialQueue('transport');
  #shown: Shown = OFF;
  #endpoint: Pick<ServedEndpoint, 'baseUrl' | 'close'> | null = null;

  constructor(options: AppRealtimeEndpointOptions) {
    this.#options = options;
    this.#show(OFF);
  }

  /** Serves when the settings say so; what stands in the way is in the state. */
  start(): Promise<void> {
    return this.#changes.run(() => this.#serve());
  }

  /** What can be chosen has changed. */
  refresh(): void {
    this.#show(this.#shown);
  }

  /** Throws `bad-input` for an architecture that cannot be served, `disk-full` or `internal` when nothing can be written. */
  async handle(connection: ClientConnection, command: RealtimeEndpointCommand): Promise<void> {
    switch (command.type) {
      case 'set-realtime-endpoint':
        return this.#set(command.settings);
      case 'show-realtime-token':
        return connection.send({ type: 'realtime-token', token: await this.#token() });
      case 'renew-realtime-token':
        return this.#changes.run(async () => {
          await this.#writeToken();
          await this.#serve();
        });
      default:
        command satisfies never;
    }
  }

  async close(): Promise<void> {
    await this.#changes.close();
    await this.#stop();
  }

  async #set(change: Partial<RealtimeEndpointSettings>): Promise<void> {
    const { settings } = this.#options;
    const { architectureId } = change;
    if (architectureId !== undefined && !this.#choices().some(({ id }) => id === architectureId)) {
      throw new ParleyError({ code: 'bad-input', stage: 'app', detail: architectureId });
    }
    await settings.update({ realtimeServer: { ...settings.current.realtimeServer, ...change } });
    await this.#changes.run(() => this.#serve());
  }

  async #serve(): Promise<void> {
    const { settings, realtime, logger, stamp } = this.#options;
    await this.#stop();
    const { enabled, port, architectureId } = settings.current.realtimeServer;
    if (!enabled) return this.#show(OFF);
    this.#show({ ...OFF, status: 'starting' });
    try {
      const token = await this.#token();
      const endpoint = await realtime.serve({
        port,
        token,
        architectureId,
        onClient: (client) => {
          if (this.#endpoint !== endpoint) return;
          this.#show({ ...this.#shown, client: client && { ...client, since: stamp() } });
        },
      });
      this.#endpoint = endpoint;
      logger.info('serving the realtime endpoint', { baseUrl: endpoint.baseUrl });
      const address = `${endpoint.baseUrl.replace('http', 'ws')}/realtime`;
      this.#show({ ...OFF, status: 'serving', address });
    } catch (cause) {
      this.#show({ ...OFF, status: 'failed', error: ParleyError.from(cause, 'transport').serialise() });
    }
  }

  async #stop(): Promise<void> {
    const endpoint = this.#endpoint;
    this.#endpoint = null;
    await endpoint?.close();
  }

  #show(shown: Shown): void {
    this.#shown = shown;
    const { store, settings } = this.#options;
    const choices = this.#choices();
    const { architectureId } = settings.current.realtimeServer;
    const serves = choices.find(({ id }) => id === architectureId)?.label ?? architectureId;
    store.update({ realtimeEndpoint: { ...shown, settings: settings.current.realtimeServer, serves, choices } });
  }

  /** A cascade that is spoken to by this protocol is a loopback, and called one. */
  #choices(): RealtimeEndpointState['choices'] {
    const others = this.#options.architectures().filter(({ kind }) => kind === 'speech-to-speech');
    return [
      { id: 'cascade', label: LOOPBACK_LABEL, kind: 'loopback', unavailable: null },
      ...others.map((each) => ({
        id: each.id,
        label: architectureLabel(each),
        kind: each.kind,
        unavailable: each.unavailable,
      })),
    ];
  }

  /** Made once and kept, so that programs that know it go on knowing it; only the user can read the file. */
  async #token(): Promise<string> {
    const kept = await readFile(this.#tokenFile, 'utf8').catch(() => '');
    return kept.trim() === '' ? this.#writeToken() : kept.trim();
  }

  async #writeToken(): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    await writeFileAtomically(this.#tokenFile, `${token}\n`);
    return token;
  }

  get #tokenFile(): string {
    return join(this.#options.paths.dataDir, 'realtime-token');
  }
}
