import { AppAudio, type AudioSource } from './app-audio.ts';
import { AppChildren } from './app-children.ts';
import { Cascade } from './cascade/cascade.ts';
import { LlmResponder } from './cascade/llm-responder.ts';
import type { ChildHost } from './children/child-host.ts';
import { ClientSessions } from './client-sessions.ts';
import { problemOf } from './contract/error-words.ts';
import { ParleyError, type SerialisedError } from './contract/errors.ts';
import type { Floor, InputMode, TranscriptLine } from './contract/state.ts';
import { defaultTurnConfig, type TurnConfig } from './domain/turn/config.ts';
import { AppStateStore } from './pipeline/app-state-store.ts';
import { Conversation } from './pipeline/conversation.ts';
import type { ParleyPaths } from './platform/paths.ts';
import type { SecretSource } from './platform/secrets.ts';
import type { SettingsStore } from './platform/settings.ts';
import type { Clock } from './ports/clock.ts';
import type { Logger } from './ports/logger.ts';
import type { AppEndpoint } from './transport/app-endpoint.ts';

/** What differs between the desktop app, the web host and the command line. */
export interface AppPlatform {
  clock: Clock;
  logger: Logger;
  paths: ParleyPaths;
  settings: SettingsStore;
  secrets: SecretSource;
  childHost: ChildHost;
  /** Where sound comes from and goes to in this run. Default: as the settings say. */
  audio?: AudioSource;
  /** Default: the semantic policy and its bounds. */
  turnConfig?: TurnConfig;
}

export interface AppListeners {
  onLine?(line: TranscriptLine): void;
  onFloor?(floor: Floor): void;
}

export interface ParleyApp {
  endpoint: AppEndpoint;
  conversation: Conversation;
  /** Resolves when engines and devices are ready; rejects with the first that cannot be. Windows are served meanwhile. */
  whenListening(): Promise<void>;
  close(): Promise<void>;
}

/** Text of the conversation that the model is given at most: about 1,100 tokens of the starter's 2,048, prompt and answer apart. */
const MAX_HISTORY_CHARS = 4400;

/** Builds the object graph and starts everything; what cannot start is a problem in the state, never an exception. */
export async function createApp(platform: AppPlatform, listeners: AppListeners = {}): Promise<ParleyApp> {
  const { clock, logger, settings } = platform;
  const store = new AppStateStore({
    floor: 'starting',
    inputMode: settings.current.inputMode,
    muted: false,
    pushToTalkHeld: false,
    children: [],
    audio: { driver: 'none', microphone: 'off', devices: [], inputId: null, outputId: null },
    engines: { asr: null, llm: null, tts: null },
    problems: [],
  });
  const report = (error: SerialisedError): void => {
    const problem = problemOf(error);
    store.update({ problems: [...store.state.problems.filter(({ id }) => id !== problem.id), problem] });
  };

  const children = await AppChildren.create({ ...platform, store, report });
  let isListening = false;
  let floor: Floor = 'listening';
  const showFloor = (): void => {
    const shown = isListening ? floor : 'starting';
    if (shown !== store.state.floor) store.update({ floor: shown });
  };
  const audio = new AppAudio({
    ...platform,
    store,
    report,
    audioChild: children.audio,
    onCapture: (frames) => conversation.onCapture(frames),
    onPlayback: (progress) => conversation.onPlayback(progress),
    onLevels: (levels) => sessions.broadcast({ type: 'levels', ...levels, speechProbability }),
  });
  // Named in the callbacks above: no device is open before there is a conversation.
  const conversation: Conversation = new Conversation({
    architecture: new Cascade({
      listener: children.listener,
      responder: new LlmResponder({ llm: children.llm, logger }),
      tts: children.tts,
      clock,
      logger,
      config: platform.turnConfig ?? defaultTurnConfig,
      maxHistoryChars: MAX_HISTORY_CHARS,
    }),
    bus: audio.bus,
    inputMode: settings.current.inputMode,
    stamp: () => new Date().toISOString(),
    events: {
      onFloor(next) {
        floor = next;
        listeners.onFloor?.(next);
        showFloor();
      },
      onLine(line) {
        listeners.onLine?.(line);
        sessions.broadcast({ type: 'line', line });
      },
      onLinesRemoved: (ids) => sessions.broadcast({ type: 'lines-removed', ids }),
      onFailure: report,
    },
  });
  let speechProbability = 0;
  children.listener.onEvent((event) => {
    if (event.type === 'vad') speechProbability = event.probability;
  });
  children.onListenLost((error) => conversation.listenerLost(error));
  const sessions = new ClientSessions({
    store,
    conversation,
    actions: {
      ...audio.actions,
      async setInputMode(inputMode: InputMode) {
        store.update({ inputMode, pushToTalkHeld: false });
        conversation.setInputMode(inputMode);
        await settings.update({ inputMode });
      },
      setMuted(muted) {
        store.update({ muted });
        conversation.setMuted(muted);
        if (!muted || floor !== 'listening') return;
        floor = 'off';
        showFloor();
      },
      setPushToTalk(held) {
        if (store.state.inputMode !== 'push-to-talk') return;
        store.update({ pushToTalkHeld: held });
        conversation.pushToTalk(held);
      },
      newConversation: () => conversation.begin(),
    },
  });
  await conversation.begin();

  // A file begins to play when it is opened: not before somebody listens. Devices take as long to open as engines to load.
  const ready = audio.isFile
    ? children.start().then(() => audio.open())
    : Promise.all([children.start(), audio.open()]);
  const listening = ready.then(() => {
    isListening = true;
    showFloor();
  });
  listening.catch((error: unknown) => logger.error('not listening', { error: ParleyError.from(error, 'app') }));
  return {
    endpoint: sessions,
    conversation,
    whenListening: () => listening,
    async close() {
      await conversation.close();
      await audio.close();
      await children.stop();
    },
  };
}
