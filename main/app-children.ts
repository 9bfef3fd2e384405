import type { ChildHost } from './children/child-host.ts';
import { ListenClient } from './children/listen-client.ts';
import { SpeakClient } from './children/speak-client.ts';
import { SupervisedChild } from './children/supervised-child.ts';
import { ThinkClient } from './children/think-client.ts';
import { ParleyError, type SerialisedError } from './contract/errors.ts';
import type { AppState, ChildName, ChildStatus } from './contract/state.ts';
import { listenEngine, speakEngine, thinkEngine, type EngineConfigOptions } from './engine-configs.ts';
import type { AppStateStore } from './pipeline/app-state-store.ts';
import type { ParleyPaths } from './platform/paths.ts';
import type { SecretSource } from './platform/secrets.ts';
import type { SettingsStore } from './platform/settings.ts';
import type { Clock } from './ports/clock.ts';
import type { Listener } from './ports/listener.ts';
import type { Llm } from './ports/llm.ts';
import type { Logger } from './ports/logger.ts';
import type { Tts } from './ports/tts.ts';
import { unavailableListener, unavailableLlm, unavailableTts } from './unavailable-engines.ts';

export interface AppChildrenOptions {
  clock: Clock;
  logger: Logger;
  paths: ParleyPaths;
  settings: SettingsStore;
  secrets: SecretSource;
  childHost: ChildHost;
  store: AppStateStore;
  report(error: SerialisedError): void;
}

type EngineName = keyof AppState['engines'];

/** The four child processes and the ports over them. A stage whose model is missing has no child, and says so on every call. */
export class AppChildren {
  readonly #options: AppChildrenOptions;
  readonly #children = new Map<ChildName, SupervisedChild>();
  /** Why a stage has no child. */
  readonly #missing: ParleyError[] = [];
  #onListenLost: (error: SerialisedError) => void = () => {};
  audio!: SupervisedChild;
  listener!: Listener;
  llm!: Llm;
  tts!: Tts;
  /** null when there is no voice. */
  voice: { voiceId: string; weightsSha256: string } | null = null;

  private constructor(options: AppChildrenOptions) {
    this.#options = options;
  }

  static async create(options: AppChildrenOptions): Promise<AppChildren> {
    const children = new AppChildren(options);
    children.audio = children.#add('audio', {});
    children.listener = await children.#engine('listen', 'asr', listenEngine, {
      over: (child) => new ListenClient({ rpc: child }),
      without: unavailableListener,
    });
    children.llm = await children.#engine('think', 'llm', thinkEngine, {
      over: (child) => new ThinkClient({ rpc: child, clock: options.clock }),
      without: unavailableLlm,
    });
    children.tts = await children.#engine('speak', 'tts', speakEngine, {
      over: (child, { sampleRateHz, voiceId, weightsSha256 }) => {
        children.voice = { voiceId, weightsSha256 };
        return new SpeakClient(child, { sampleRateHz });
      },
      without: unavailableTts,
    });
    return children;
  }

  /** The listening process is gone; it may come back, but what it was hearing is lost. */
  onListenLost(listener: (error: SerialisedError) => void): void {
    this.#onListenLost = listener;
  }

  /** Starts the engines (the audio child is started by whoever opens a device). Rejects with the first that cannot be had. */
  async start(): Promise<void> {
    const engines = [...this.#children].filter(([name]) => name !== 'audio').map(([, child]) => child.start());
    const results = await Promise.allSettled(engines);
    const failed = results.find((result) => result.status === 'rejected');
    if (this.#missing[0]) throw this.#missing[0];
    if (failed) throw failed.reason;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#children.values()].map((child) => child.stop()));
  }

  async #engine<Port, Configured extends { config: unknown; info: NonNullable<AppState['engines'][EngineName]> }>(
    name: ChildName,
    engine: EngineName,
    configure: (options: EngineConfigOptions) => Configured | Promise<Configured>,
    make: { over(child: SupervisedChild, configured: Configured): Port; without(reason: ParleyError): Port },
  ): Promise<Port> {
    const { store, settings, paths, secrets, report } = this.#options;
    try {
      const configured = await configure({ settings: settings.current, paths, secrets });
      store.update({ engines: { ...store.state.engines, [engine]: configured.info } });
      return make.over(this.#add(name, configured.config), configured);
    } catch (cause) {
      const reason = ParleyError.from(cause, name);
      this.#missing.push(reason);
      report(reason.serialise());
      return make.without(reason);
    }
  }

  #add(name: ChildName, config: unknown): SupervisedChild {
    const { childHost: host, clock, logger } = this.#options;
    const child = new SupervisedChild({ name, config, host, clock, logger });
    this.#children.set(name, child);
    child.onStatus((status) => this.#onStatus(child, status));
    return child;
  }

  #onStatus(child: SupervisedChild, status: ChildStatus): void {
    const { store, report } = this.#options;
    const children = [...this.#children.values()].map(({ name, status, restarts }) => ({ name, status, restarts }));
    const isWell = status === 'ready' || status === 'busy';
    const problems = isWell
      ? store.state.problems.filter(({ error }) => !(error.stage === child.name && error.code.startsWith('child-')))
      : store.state.problems;
    store.update({ children, problems });
    const error = child.error?.serialise();
    if (!error) return;
    if (child.name === 'listen' && (status === 'restarting' || status === 'failed')) this.#onListenLost(error);
    if (status === 'failed') report(error);
  }
}
