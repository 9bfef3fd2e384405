import type { AppChildren } from './app-children.ts';
import { ListenClient } from './children/listen-client.ts';
import { SpeakClient } from './children/speak-client.ts';
import { ThinkClient } from './children/think-client.ts';
import { ParleyError, type SerialisedError } from './contract/errors.ts';
import type { AppState, ChildName } from './contract/state.ts';
import { listenEngine, speakEngine, thinkEngine, type ConfiguredEngine } from './engine-configs.ts';
import type { AppStateStore } from './pipeline/app-state-store.ts';
import type { ParleyPaths } from './platform/paths.ts';
import type { SecretSource } from './platform/secrets.ts';
import type { SettingsStore } from './platform/settings.ts';
import type { Clock } from './ports/clock.ts';
import type { Listener } from './ports/listener.ts';
import type { Llm } from './ports/llm.ts';
import type { Tts } from './ports/tts.ts';
import { unavailableListener, unavailableLlm, unavailableTts } from './unavailable-engines.ts';

export interface AppEngines {
  listener: Listener;
  llm: Llm;
  tts: Tts;
  /** Which voice speaks; null when there is none. */
  voice: { voiceId: string; weightsSha256: string } | null;
  /** Why some of them cannot be used: a model that is missing or damaged. */
  missing: ParleyError[];
}

export interface AppEnginesOptions {
  children: AppChildren;
  clock: Clock;
  paths: ParleyPaths;
  settings: SettingsStore;
  secrets: SecretSource;
  store: AppStateStore;
  report(error: SerialisedError): void;
}

/** A child and its port for every stage. A stage whose model is missing has no child: that is reported, and every call says so. */
export async function createEngines(options: AppEnginesOptions): Promise<AppEngines> {
  const { children, clock, paths, settings, secrets, store, report } = options;
  const missing: ParleyError[] = [];
  const given = { settings: settings.current, paths, secrets };

  /** The engine's configuration, or the reason why there is none. */
  async function configured<Engine extends ConfiguredEngine<unknown>>(
    stage: ChildName,
    engine: keyof AppState['engines'],
    configure: () => Engine | Promise<Engine>,
  ): Promise<Engine | ParleyError> {
    try {
      const result = await configure();
      store.update({ engines: { ...store.state.engines, [engine]: result.info } });
      return result;
    } catch (cause) {
      const reason = ParleyError.from(cause, stage);
      missing.push(reason);
      report(reason.serialise());
      return reason;
    }
  }

  const listen = await configured('listen', 'asr', () => listenEngine(given));
  const think = await configured('think', 'llm', () => thinkEngine(given));
  const speak = await configured('speak', 'tts', () => speakEngine(given));
  return {
    listener:
      listen instanceof ParleyError
        ? unavailableListener(listen)
        : new ListenClient({ rpc: children.add('listen', listen.config) }),
    llm:
      think instanceof ParleyError
        ? unavailableLlm(think)
        : new ThinkClient({ rpc: children.add('think', think.config), clock }),
    tts:
      speak instanceof ParleyError
        ? unavailableTts(speak)
        : new SpeakClient(children.add('speak', speak.config), { sampleRateHz: speak.sampleRateHz }),
    voice: speak instanceof ParleyError ? null : { voiceId: speak.voiceId, weightsSha256: speak.weightsSha256 },
    missing,
  };
}
