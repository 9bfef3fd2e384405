import { freemem } from 'node:os';
import type { AppChildren } from './app-children.ts';
import { ListenClient } from './children/listen-client.ts';
import type { RpcClient } from './children/rpc-peer.ts';
import { SpeakClient } from './children/speak-client.ts';
import { ThinkClient } from './children/think-client.ts';
import { problemOf } from './contract/error-words.ts';
import { ParleyError, type SerialisedError } from './contract/errors.ts';
import type { ModelStage } from './contract/models.ts';
import type { AppState, ChildName } from './contract/state.ts';
import { listenEngine, speakEngine, thinkEngine, type ConfiguredEngine } from './engine-configs.ts';
import {
  EngineExchange,
  type EngineExchangeOptions,
  type EngineInService,
  type ExchangePhase,
} from './engine-exchange.ts';
import type { AppStateStore } from './pipeline/app-state-store.ts';
import { SwappableListener, SwappableLlm, SwappableTts } from './pipeline/swappable-engines.ts';
import type { TurnGap } from './pipeline/turn-gap.ts';
import type { ParleyPaths } from './platform/paths.ts';
import type { SecretSource } from './platform/secrets.ts';
import type { Settings, SettingsStore } from './platform/settings.ts';
import type { Clock } from './ports/clock.ts';
import { unavailableListener, unavailableLlm, unavailableTts } from './unavailable-engines.ts';

export interface AppEnginesOptions {
  children: AppChildren;
  clock: Clock;
  paths: ParleyPaths;
  settings: SettingsStore;
  secrets: SecretSource;
  store: AppStateStore;
  gap: TurnGap;
  report(error: SerialisedError): void;
  /** Default: the system's. */
  freeMemoryBytes?(): number;
}

/** What a voice's sound depends on. */
export interface VoiceIdentity {
  voiceId: string;
  weightsSha256: string;
}

type EngineChild = Exclude<ChildName, 'audio'>;
export type EnginePatch = Partial<
  Pick<Settings, 'asrModelId' | 'llmModelId' | 'ttsModelId' | 'vadModelId' | 'turnModelId' | 'endpoint'>
>;

const CHILD_OF_STAGE: Record<ModelStage, EngineChild> = {
  asr: 'listen',
  vad: 'listen',
  turn: 'listen',
  llm: 'think',
  tts: 'speak',
};
const ENGINE_OF_CHILD = { listen: 'asr', think: 'llm', speak: 'tts' } as const satisfies Record<
  EngineChild,
  keyof AppState['engines']
>;

/** A child and its port for every stage, and their exchange. A stage whose model is missing has no child: every call says so. */
export class AppEngines {
  readonly listener: SwappableListener;
  readonly llm: SwappableLlm;
  readonly tts: SwappableTts;
  readonly #options: AppEnginesOptions;
  readonly #missing = new Map<EngineChild, ParleyError>();
  readonly #listen: EngineExchange<Listening, ListenClient>;
  readonly #think: EngineExchange<Thinking, ThinkClient>;
  readonly #speak: EngineExchange<Speaking, SpeakClient>;
  /** What was chosen and is not in service yet, by child. */
  readonly #pending = new Map<EngineChild, EnginePatch>();
  #voice: VoiceIdentity | null = null;
  #onVoice = (): void => {};
  #onWhole = (): void => {};

  /** Puts the engines of the settings in service; they are started with the other children. Never rejects for a model that is missing. */
  static async create(options: AppEnginesOptions): Promise<AppEngines> {
    const { settings, paths, secrets } = options;
    const given = { settings: settings.current, paths, secrets };
    return new AppEngines(options, {
      listen: await attempt('listen', () => listenEngine(given)),
      think: await attempt('think', () => thinkEngine(given)),
      speak: await attempt('speak', () => speakEngine(given)),
    });
  }

  private constructor(options: AppEnginesOptions, first: FirstEngines) {
    this.#options = options;
    const listen = this.#begin('listen', first.listen, connectListen);
    this.listener = new SwappableListener(listen?.port ?? unavailableListener(this.#missing.get('listen')!));
    this.#listen = this.#listenExchange(listen);
    const think = this.#begin('think', first.think, (rpc) => this.#connectThink(rpc));
    this.llm = new SwappableLlm(think?.port ?? unavailableLlm(this.#missing.get('think')!));
    this.#think = this.#thinkExchange(think);
    const speak = this.#begin('speak', first.speak, connectSpeak);
    this.tts = new SwappableTts(speak?.port ?? unavailableTts(this.#missing.get('speak')!));
    this.#speak = this.#speakExchange(speak);
    if (speak) this.#voice = identityOf(speak.engine);
  }

  /** Which voice speaks; null when there is none. */
  get voice(): VoiceIdentity | null {
    return this.#voice;
  }

  /** Why some of them cannot be used: a model that is missing or damaged. */
  get missing(): ParleyError[] {
    return [...this.#missing.values()];
  }

  /** Another voice speaks from now on. */
  onVoice(listener: () => void): void {
    this.#onVoice = listener;
  }

  /** Every stage works again, after one of them did not. */
  onWhole(listener: () => void): void {
    this.#onWhole = listener;
  }

  /**
   * Puts other engines in service between two turns, and remembers the choice. What is chosen for one child is exchanged together.
   * Rejects when that is not possible: the engines of before stay, and the settings too.
   */
  async choose(stage: ModelStage, patch: EnginePatch, onPhase: (phase: ExchangePhase) => void): Promise<void> {
    const { settings } = this.#options;
    const name = CHILD_OF_STAGE[stage];
    const pending = { ...this.#pending.get(name), ...patch };
    this.#pending.set(name, pending);
    try {
      await this.#exchange(name, { ...settings.current, ...pending }, onPhase);
      await settings.update(pending);
    } finally {
      if (this.#pending.get(name) === pending) this.#pending.delete(name);
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#listen.close(), this.#think.close(), this.#speak.close()]);
  }

  #exchange(name: EngineChild, settings: Readonly<Settings>, onPhase: (phase: ExchangePhase) => void): Promise<void> {
    const { paths, secrets } = this.#options;
    const given = { settings, paths, secrets };
    switch (name) {
      case 'listen':
        return this.#listen
          .exchange(async () => listenEngine(given), onPhase)
          .finally(() => this.listener.prepare(null));
      case 'think':
        return this.#think.exchange(() => thinkEngine(given), onPhase);
      case 'speak':
        return this.#speak.exchange(async () => speakEngine(given), onPhase);
      default:
        return name satisfies never;
    }
  }

  #listenExchange(first: EngineInService<Listening, ListenClient> | null): EngineExchange<Listening, ListenClient> {
    return this.#newExchange('listen', first, {
      connect: connectListen,
      // It was warmed up while it loaded; until it takes over it gets to know the sound of the room.
      prove: (port) => Promise.resolve(this.listener.prepare(port)),
      takeOver: (port) => this.listener.swap(port),
    });
  }

  #thinkExchange(first: EngineInService<Thinking, ThinkClient> | null): EngineExchange<Thinking, ThinkClient> {
    return this.#newExchange('think', first, {
      connect: (rpc) => this.#connectThink(rpc),
      prove: (port, signal) => this.llm.prepare(port, signal),
      takeOver: (port) => this.llm.swap(port),
    });
  }

  #speakExchange(first: EngineInService<Speaking, SpeakClient> | null): EngineExchange<Speaking, SpeakClient> {
    return this.#newExchange('speak', first, {
      connect: connectSpeak,
      prove: saySomething,
      takeOver: (port, engine) => {
        this.tts.swap(port);
        this.#voice = identityOf(engine);
        this.#onVoice();
      },
    });
  }

  #newExchange<Engine extends ConfiguredEngine<unknown>, Port>(
    name: EngineChild,
    first: EngineInService<Engine, Port> | null,
    hooks: Pick<EngineExchangeOptions<Engine, Port>, 'connect' | 'prove' | 'takeOver'>,
  ): EngineExchange<Engine, Port> {
    const { children, gap, freeMemoryBytes = freemem } = this.#options;
    const takeOver = (port: Port, engine: Engine): void => {
      hooks.takeOver(port, engine);
      this.#shown(name, engine);
    };
    return new EngineExchange({ name, children, gap, freeMemoryBytes, ...hooks, takeOver }, first);
  }

  #connectThink(rpc: RpcClient): ThinkClient {
    return new ThinkClient({ rpc, clock: this.#options.clock });
  }

  /** The first engine of a child, or the note that there is none. */
  #begin<Engine extends ConfiguredEngine<unknown>, Port>(
    name: EngineChild,
    engine: Engine | ParleyError,
    connect: (rpc: RpcClient, engine: Engine) => Port,
  ): EngineInService<Engine, Port> | null {
    const { children, report } = this.#options;
    if (engine instanceof ParleyError) {
      this.#missing.set(name, engine);
      report(engine.serialise());
      return null;
    }
    const child = children.add(name, engine.config);
    this.#shown(name, engine);
    return { engine, port: connect(child, engine) };
  }

  #shown(name: EngineChild, { info }: ConfiguredEngine<unknown>): void {
    const { store, children } = this.#options;
    const solved = this.#missing.get(name);
    this.#missing.delete(name);
    const problems = solved
      ? store.state.problems.filter(({ id }) => id !== problemOf(solved.serialise()).id)
      : store.state.problems;
    store.update({ engines: { ...store.state.engines, [ENGINE_OF_CHILD[name]]: info }, problems });
    const isUp = (each: EngineChild) => ['ready', 'busy'].includes(children.inService(each)?.status ?? 'stopped');
    if (this.#missing.size === 0 && (['listen', 'think', 'speak'] as const).every(isUp)) this.#onWhole();
  }
}

type Listening = ReturnType<typeof listenEngine>;
type Thinking = Awaited<ReturnType<typeof thinkEngine>>;
type Speaking = ReturnType<typeof speakEngine>;
interface FirstEngines {
  listen: Listening | ParleyError;
  think: Thinking | ParleyError;
  speak: Speaking | ParleyError;
}

function connectListen(rpc: RpcClient): ListenClient {
  return new ListenClient({ rpc });
}

function connectSpeak(rpc: RpcClient, { sampleRateHz }: Speaking): SpeakClient {
  return new SpeakClient(rpc, { sampleRateHz });
}

async function attempt<Engine>(
  stage: EngineChild,
  configure: () => Engine | Promise<Engine>,
): Promise<Engine | ParleyError> {
  try {
    return await configure();
  } catch (cause) {
    return ParleyError.from(cause, stage);
  }
}

function identityOf({ voiceId, weightsSha256 }: Speaking): VoiceIdentity {
  return { voiceId, weightsSha256 };
}

/** A voice that cannot say a word is not put in service. */
async function saySomething(voice: SpeakClient, signal: AbortSignal): Promise<void> {
  let samples = 0;
  for await (const chunk of voice.synthesize({ text: 'Ready.' }, { signal })) samples += chunk.length;
  if (samples === 0) throw new ParleyError({ code: 'engine-failed', stage: 'speak', message: 'the voice is silent' });
}
