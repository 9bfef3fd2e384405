import { randomBytes } from 'node:crypto';
import type { AppChildren } from './app-children.ts';
import { ServedEars } from './app-served-ears.ts';
import { StreamingResampler } from './audio/streaming-resampler.ts';
import { CASCADE_CAPABILITIES } from './cascade/cascade.ts';
import { LOOPBACK_LABEL } from './contract/architecture.ts';
import { ParleyError } from './contract/errors.ts';
import { listenEngine } from './engine-configs.ts';
import type { TurnConfig } from './domain/turn/config.ts';
import { TurnTakingSession } from './pipeline/turn-taking-session.ts';
import type { ParleyPaths } from './platform/paths.ts';
import type { SecretSource } from './platform/secrets.ts';
import type { SettingsStore } from './platform/settings.ts';
import type { Clock } from './ports/clock.ts';
import type { Logger } from './ports/logger.ts';
import type { ReplyRequest, Responder } from './ports/responder.ts';
import type { ToolBox } from './ports/tool.ts';
import type { Tts } from './ports/tts.ts';
import type { VoiceArchitecture } from './ports/voice-architecture.ts';
import type { WallClock } from './ports/wall-clock.ts';
import { ReconnectingConnection } from './speech-to-speech/connection/reconnecting-connection.ts';
import { RealtimeDialect } from './speech-to-speech/openai-realtime/realtime-dialect.ts';
import type { RemoteProvider } from './speech-to-speech/remote-voice.ts';
import type { ServedSession } from './speech-to-speech/server/realtime-connection.ts';
import { RealtimeServer, type RealtimeClient } from './speech-to-speech/server/realtime-server.ts';

export interface AppRealtimeOptions {
  clock: Clock;
  wallClock: WallClock;
  logger: Logger;
  paths: ParleyPaths;
  settings: SettingsStore;
  secrets: SecretSource;
  children: AppChildren;
  tts: Tts;
  /** The language model with these tools; without instructions of the client's own, the table of replies and the skills before it. */
  responderWith(options: { tools: ToolBox; isPlain: boolean }): Responder;
  config(): TurnConfig;
  maxHistoryChars: number;
  /** Others that can be served; by id. */
  architecture(id: string): VoiceArchitecture | undefined;
}

export interface ServeOptions {
  port: number;
  token: string;
  /** Default: `cascade`. */
  architectureId?: string;
  /** Who talks to it now; null: nobody. */
  onClient?(client: RealtimeClient | null): void;
}

/** Parley as a Realtime endpoint, for other programs and, in the same process, for itself: the loopback. */
export class AppRealtime {
  readonly #options: AppRealtimeOptions;
  readonly #served: ServedEndpoint[] = [];
  #loopback: Promise<Loopback> | null = null;

  constructor(options: AppRealtimeOptions) {
    this.#options = options;
  }

  /** Rejects with `port-in-use`, or `bad-input` for an architecture that cannot be served. */
  async serve(serve: ServeOptions): Promise<Pick<ServedEndpoint, 'baseUrl' | 'close'>> {
    const endpoint = await ServedEndpoint.start(this.#options, serve);
    this.#served.push(endpoint);
    return endpoint;
  }

  /** The cascade of this machine behind the speech-to-speech protocol, sound and all: what it shows is the protocol, not a model. */
  readonly loopback: RemoteProvider = {
    id: 'loopback',
    label: LOOPBACK_LABEL,
    kind: 'loopback',
    capabilities: CASCADE_CAPABILITIES,
    unavailable: null,
    connect: async (options) => {
      const { clock } = this.#options;
      const { endpoint, token } = await this.#loopbackEndpoint();
      const { baseUrl } = endpoint;
      const apiKey = (): Promise<string> => Promise.resolve(token);
      const dialect = new RealtimeDialect(
        { clock, apiKey, hasKey: () => true, baseUrl, model: 'cascade', detector: 'server_vad' },
        LOOPBACK_LABEL,
      );
      return ReconnectingConnection.open({ dialect, clock }, options);
    },
  };

  async close(): Promise<void> {
    const loopback = await this.#loopback?.catch(() => null);
    await Promise.all([...this.#served, ...(loopback ? [loopback.endpoint] : [])].map((endpoint) => endpoint.close()));
  }

  /** Started once; between conversations it costs a port. Its token is known to nobody else and ends with the process. */
  #loopbackEndpoint(): Promise<Loopback> {
    const token = randomBytes(32).toString('base64url');
    this.#loopback ??= ServedEndpoint.start(this.#options, { port: 0, token, architectureId: 'cascade' }).then(
      (endpoint) => ({ endpoint, token }),
    );
    this.#loopback.catch(() => (this.#loopback = null));
    return this.#loopback;
  }
}

interface Loopback {
  endpoint: ServedEndpoint;
  token: string;
}

/** One server, with ears for who talks to it. `close` is safe twice. */
export class ServedEndpoint {
  readonly #options: AppRealtimeOptions;
  readonly #ears: ServedEars;
  #server!: RealtimeServer;
  #session: TurnTakingSession | null = null;
  #closing: Promise<void> | undefined;

  static async start(options: AppRealtimeOptions, serve: ServeOptions): Promise<ServedEndpoint> {
    const { architectureId = 'cascade', port, token, onClient } = serve;
    const other = architectureId === 'cascade' ? undefined : options.architecture(architectureId);
    if (architectureId !== 'cascade' && other?.kind !== 'speech-to-speech') {
      throw new ParleyError({ code: 'bad-input', stage: 'app', detail: architectureId });
    }
    const endpoint = new ServedEndpoint(options);
    endpoint.#server = await RealtimeServer.start({
      port,
      token,
      modelName: architectureId,
      clock: options.clock,
      logger: options.logger,
      openResampler: (rates) => StreamingResampler.create(rates),
      architectureFor: (session) => other ?? endpoint.#cascadeFor(session),
      onClient: (client) => {
        endpoint.#onClient(client !== null);
        onClient?.(client);
      },
    });
    return endpoint;
  }

  private constructor(options: AppRealtimeOptions) {
    const { children, clock, settings, paths, secrets } = options;
    this.#options = options;
    this.#ears = new ServedEars({
      children,
      clock,
      config: () => listenEngine({ settings: settings.current, paths, secrets }).config,
      onLost: (error) => this.#session?.listenerLost(error),
    });
  }

  get baseUrl(): string {
    return this.#server.baseUrl;
  }

  close(): Promise<void> {
    this.#closing ??= this.#server.close().then(() => this.#ears.close());
    return this.#closing;
  }

  #onClient(isConnected: boolean): void {
    if (isConnected) return;
    this.#session = null;
    this.#ears.rest();
  }

  /** The cascade as the client wants it: with its tools, and told what it says. */
  #cascadeFor({ instructions, tools }: ServedSession): VoiceArchitecture {
    const { tts, clock, wallClock, logger, config, settings, maxHistoryChars, responderWith } = this.#options;
    const told = instructions()?.trim() || undefined;
    const responder = told
      ? instructed(responderWith({ tools, isPlain: true }), () => instructions()?.trim() || told)
      : responderWith({ tools, isPlain: false });
    return {
      id: 'cascade',
      label: 'Cascade on this machine',
      kind: 'cascade',
      capabilities: CASCADE_CAPABILITIES,
      unavailable: null,
      open: async (options) => {
        const listener = await this.#ears.listener();
        const naturalPauseMs = (): number => settings.current.naturalPauseMs;
        const parts = { listener, responder, tts, clock, wallClock, logger, config, naturalPauseMs, maxHistoryChars };
        return (this.#session = new TurnTakingSession(parts, options));
      },
    };
  }
}

function instructed(responder: Responder, instructions: () => string): Responder {
  const told = (request: ReplyRequest): ReplyRequest => ({ ...request, instructions: instructions() });
  return {
    respond: (request, options) => responder.respond(told(request), options),
    anticipate: (request) => responder.anticipate(told(request)),
  };
}
