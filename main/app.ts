import { AppArchitectures } from './app-architectures.ts';
import { AppAnswers } from './app-answers.ts';
import { AppAudio, type AudioSource } from './app-audio.ts';
import { appControls } from './app-controls.ts';
import { AppChildren } from './app-children.ts';
import { AppEngines } from './app-engines.ts';
import { AppEvaluationPanel } from './app-evaluation-panel.ts';
import { AppGuardrails } from './app-guardrails.ts';
import { AppModels } from './app-models.ts';
import { AppModes } from './app-modes.ts';
import { AppProviders } from './app-providers.ts';
import { AppVoiceCues } from './app-voice-cues.ts';
import { AppRealtime } from './app-realtime.ts';
import { AppRealtimeEndpoint } from './app-realtime-endpoint.ts';
import { AppTools } from './app-tools.ts';
import { voiceArchitectures } from './app-voice-architectures.ts';
import { NaiveCascade } from './cascade/naive/naive-cascade.ts';
import type { ChildHost } from './children/child-host.ts';
import { ClientSessions, type AppActions } from './client-sessions.ts';
import { ParleyError, type SerialisedError } from './contract/errors.ts';
import type { AppState, Floor, InputMode, TranscriptLine } from './contract/state.ts';
import { turnConfigOf } from './domain/turn/config.ts';
import { addProblem, solveProblem } from './pipeline/app-problems.ts';
import { AppStateStore } from './pipeline/app-state-store.ts';
import { Conversation } from './pipeline/conversation.ts';
import { MicrophoneGate } from './pipeline/microphone-gate.ts';
import { WakeGate } from './pipeline/wake-gate.ts';
import { ShownFloor } from './pipeline/shown-floor.ts';
import { TurnGap } from './pipeline/turn-gap.ts';
import type { EvaluationParts } from './evaluation/panel/evaluation-parts.ts';
import type { Scene } from './evaluation/scene.ts';
import type { ParleyPaths } from './platform/paths.ts';
import { SystemWallClock } from './platform/system-wall-clock.ts';
import type { EnvironmentSecrets } from './platform/secrets.ts';
import { MemoryKeeper, SecretStore, type SecretKeeper } from './platform/secrets-store.ts';
import type { SettingsStore } from './platform/settings.ts';
import type { Clock } from './ports/clock.ts';
import type { GlobalHotkeys } from './ports/global-hotkeys.ts';
import type { Logger } from './ports/logger.ts';
import type { Responder } from './ports/responder.ts';
import type { WallClock } from './ports/wall-clock.ts';
import { openTurnTelemetry } from './telemetry/turn-telemetry.ts';
import type { AppEndpoint, ClientConnection } from './transport/app-endpoint.ts';

/** What differs between the desktop app, the web host and the command line. */
export interface AppPlatform {
  clock: Clock;
  /** Default: the system's. */
  wallClock?: WallClock;
  logger: Logger;
  paths: ParleyPaths;
  settings: SettingsStore;
  secrets: EnvironmentSecrets;
  /** Where keys that are typed into the window go. Default: nowhere, they are forgotten at the end. */
  keyKeeper?: SecretKeeper;
  childHost: ChildHost;
  /** Where sound comes from and goes to in this run. Default: as the settings say. */
  audio?: AudioSource;
  /** Keys that work while another program is in front. Default: none. */
  globalHotkeys?: GlobalHotkeys;
  /** What an evaluation adds and breaks. Default: nothing. */
  scene?: Scene;
  /** What architectures are compared with from the window. Default: nothing, they cannot be. */
  evaluation?: EvaluationParts;
}

export interface AppListeners {
  onLine?(line: TranscriptLine): void;
  onLinesRemoved?(ids: string[]): void;
  onFloor?(floor: Floor): void;
}

export interface ParleyApp {
  endpoint: AppEndpoint;
  conversation: Conversation;
  realtime: Pick<AppRealtime, 'serve'>;
  /** Resolves when engines and devices are ready; rejects with the first that cannot be. Windows are served meanwhile. */
  whenListening(): Promise<void>;
  close(): Promise<void>;
}

/** Text of the conversation that the model is given at most: about 1,100 tokens of the starter's 2,048, prompt and answer apart. */
const MAX_HISTORY_CHARS = 4400;

/** Builds the object graph and starts everything; what cannot start is a problem in the state, never an exception. */
export async function createApp(given: AppPlatform, listeners: AppListeners = {}): Promise<ParleyApp> {
  const { keyKeeper = new MemoryKeeper() } = given;
  const secrets = new SecretStore({ keeper: keyKeeper, environment: given.secrets });
  const platform = { ...given, secrets, wallClock: given.wallClock ?? new SystemWallClock() };
  const { clock, logger, settings } = platform;
  const store = new AppStateStore(initialState(settings.current.inputMode));
  const floor = new ShownFloor(store);
  const report = (error: SerialisedError): void => addProblem(store, error);
  const children = new AppChildren({ ...platform, store, report });
  const gap = new TurnGap();
  const engines = await AppEngines.create({ ...platform, children, store, gap, report });
  const { listener, llm, tts } = platform.scene?.engines?.(engines) ?? engines;
  const calledBy = (): string | null => (store.state.inputMode === 'wake-phrase' ? settings.current.wakePhrase : null);
  const voiceCues = new AppVoiceCues({
    ...platform,
    store,
  });
  // One for all who listen: each would tell of the same utterance again.
  const ears = voiceCues.listening(listener);
  const wake = new WakeGate({
    listener: ears,
    clock,
    phrase: calledBy,
    onState(state) {
      store.update({ wake: state });
      floor.setAsleep(state === 'asleep');
    },
  });
  let speechProbability = 0;
  engines.listener.onEvent((event) => {
    if (event.type === 'vad') speechProbability = event.probability;
  });
  const gate = new MicrophoneGate();
  const audio = new AppAudio({
    ...platform,
    store,
    report,
    audioChild: children.add('audio', {}),
    onCapture: (frames) => {
      evaluation.capture(frames);
      conversation.onCapture(gate.pass(frames));
    },
    onPlayback: (progress) => conversation.onPlayback(progress),
    onLevels: (levels) => sessions.broadcast({ type: 'levels', ...levels, speechProbability }),
  });
  const controls = appControls({
    ...platform,
    store,
    bus: audio.bus,
    report,
    actions: () => actions,
    connectedTools: () => tools.connectedServers(),
  });
  const guardrails = new AppGuardrails({
    ...platform,
    llm,
    tts,
    voice: () => engines.voice,
    report,
    broadcast: (event) => sessions.broadcast(event),
    onLexicon: () => answers.voiceChanged(),
  });
  const tools = new AppTools({
    ...platform,
    report,
    broadcast: (event) => sessions.broadcast(event),
    beforeCall: async ({ tool, arguments: args }, { signal }) => {
      const guarded = await guardrails.checkToolCall(tool, args, { signal });
      return guarded.allowed ? { type: 'go-on', arguments: guarded.args } : { type: 'block', reason: guarded.ruleName };
    },
  });
  const answers = new AppAnswers({
    controls,
    tools,
    ...platform,
    llm,
    tts: guardrails.voice,
    voice: () => engines.voice && guardrails.withLexicon(engines.voice),
    report,
    announce: (notice) => conversation.announce(notice),
    calledBy,
    solved: (code) => solveProblem(store, code),
  });
  const guarded = (responder: Responder): Responder =>
    guardrails.guarded(platform.scene?.responder?.(responder) ?? responder);
  const realtime = new AppRealtime({
    ...platform,
    children,
    tts: answers.voice,
    responderWith: (options) => guarded(answers.responderWith(options)),
    config: () => turnConfigOf(settings.current),
    maxHistoryChars: MAX_HISTORY_CHARS,
    architecture: (id) => architectures.all.find((each) => each.id === id),
  });
  const architectures: AppArchitectures = new AppArchitectures({
    store,
    settings,
    architectures: voiceArchitectures({
      ...platform,
      store,
      listener: wake,
      ears,
      maxHistoryChars: MAX_HISTORY_CHARS,
      answers,
      guarded,
      guardrails,
      voiceCues,
      tools: tools.box,
      loopback: realtime.loopback,
      report,
      onUsage(remoteUsage, answer) {
        store.update({ remoteUsage });
        telemetry?.onUsage(remoteUsage.architectureId, answer);
      },
    }),
    baselines: [NaiveCascade.id],
  });
  const realtimeEndpoint = new AppRealtimeEndpoint({
    ...platform,
    store,
    realtime,
    architectures: () => architectures.all,
    stamp: () => new Date().toISOString(),
  });
  const telemetry = await openTurnTelemetry({
    ...platform,
    env: process.env,
    state: () => store.state,
    run: platform.scene?.telemetry,
  });
  if (telemetry) store.onChange((state) => telemetry.onState(state));
  const providers = new AppProviders({
    store,
    secrets,
    architectures: () => architectures.all,
    onChanged: () => {
      architectures.refresh();
      realtimeEndpoint.refresh();
    },
  });
  // Named in the callbacks above: no device is open before there is a conversation.
  const conversation: Conversation = new Conversation({
    architecture: architectures.initial,
    fallback: architectures.fallback,
    bus: audio.bus,
    inputMode: settings.current.inputMode,
    stamp: () => new Date().toISOString(),
    describe: (line) => voiceCues.describe(line),
    events: {
      onFloor(next) {
        listeners.onFloor?.(next);
        answers.onFloor(next);
        floor.changed(next);
        wake.floorChanged(next);
        // Last: what waited for the end of the turn may begin something new.
        gap.floorChanged(next);
      },
      onLine(line) {
        listeners.onLine?.(line);
        answers.onLine(line);
        telemetry?.onLine(line);
        sessions.broadcast({ type: 'line', line });
      },
      onLinesRemoved(ids) {
        listeners.onLinesRemoved?.(ids);
        sessions.broadcast({ type: 'lines-removed', ids });
      },
      onFailure: report,
      onArchitecture: (architecture, isSwitching) => architectures.changed(architecture, isSwitching),
    },
  });
  voiceCues.onLineChanged((lineId) => {
    // Shown only: nobody has said anything new.
    const line = conversation.transcript.describeAgain(lineId);
    if (!line) return;
    listeners.onLine?.(line);
    sessions.broadcast({ type: 'line', line });
  });
  engines.onVoice(() => answers.voiceChanged());
  engines.onWhole(() => {
    floor.started(true);
    answers.start();
  });
  children.onListenLost((error) => conversation.listenerLost(error));
  const modes = new AppModes({
    ...platform,
    store,
    bus: audio.bus,
    conversation,
    gate,
    onPhrase: () => wake.phraseChanged(),
  });
  const wallClock = platform.wallClock ?? new SystemWallClock();
  const models = new AppModels({
    ...platform,
    wallClock,
    engines,
    report,
    broadcast: (event) => sessions.broadcast(event),
  });
  const evaluation = new AppEvaluationPanel({
    ...platform,
    // Each app that is measured puts its own store of keys over these.
    secrets: given.secrets,
    keyKeeper,
    store,
    pause: (paused) => modes.pauseForEvaluation(paused),
  });
  const actions: AppActions = {
    models: models.handle.bind(models),
    voiceCues: voiceCues.handle.bind(voiceCues),
    replies: answers.replies.handle.bind(answers.replies),
    guardrails: guardrails.handle.bind(guardrails),
    tools: tools.handle.bind(tools),
    connected(connection: ClientConnection) {
      guardrails.connected(connection);
      tools.connected(connection);
    },
    forgetConnection(connection: ClientConnection) {
      answers.replies.forgetConnection(connection);
      guardrails.forgetConnection(connection);
      evaluation.forgetConnection(connection);
    },
    evaluation: evaluation.handle.bind(evaluation),
    ...audio.actions,
    ...modes.actions,
    providers: providers.handle.bind(providers),
    realtimeEndpoint: realtimeEndpoint.handle.bind(realtimeEndpoint),
    setArchitecture: (id: string) => architectures.choose(id, conversation),
  };
  const sessions = new ClientSessions({ store, conversation, actions });
  await conversation.begin();
  tools.start();
  void realtimeEndpoint.start();

  const listening = startAll({ children, engines, audio });
  listening.then(
    () => {
      floor.started(true);
      answers.start();
    },
    (cause: unknown) => {
      floor.started(false);
      logger.error('not listening', { error: ParleyError.from(cause, 'app') });
    },
  );
  return {
    endpoint: sessions,
    conversation,
    realtime,
    whenListening: () => listening,
    async close() {
      await evaluation.close();
      await modes.close();
      wake.close();
      answers.close();
      guardrails.close();
      await tools.close();
      await conversation.close();
      await realtimeEndpoint.close();
      await realtime.close();
      await audio.close();
      models.close();
      await engines.close();
      await children.stop();
      await telemetry?.close();
    },
  };
}

/** A file begins to play when it is opened: not before somebody listens. Devices take as long to open as engines to load. */
async function startAll(parts: { children: AppChildren; engines: AppEngines; audio: AppAudio }): Promise<void> {
  const { children, engines, audio } = parts;
  if (audio.isFile) {
    await children.start();
    await audio.open();
  } else await Promise.all([children.start(), audio.open()]);
  if (engines.missing[0]) throw engines.missing[0];
}

function initialState(inputMode: InputMode): AppState {
  return {
    floor: 'starting',
    inputMode,
    muted: false,
    pushToTalkHeld: false,
    children: [],
    audio: { driver: 'none', microphone: 'off', devices: [], inputId: null, outputId: null },
    engines: { asr: null, llm: null, tts: null },
    problems: [],
  };
}
