import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp, type ParleyApp } from './app.ts';
import { ListenClient } from './children/listen-client.ts';
import { SpeakClient } from './children/speak-client.ts';
import { SupervisedChild } from './children/supervised-child.ts';
import type { ArchitectureState } from './contract/architecture.ts';
import { ParleyError } from './contract/errors.ts';
import { listenEngine, speakEngine, STARTER_MODELS } from './engine-configs.ts';
import { engineFiles } from './engine-files.ts';
import { breakEngines } from './evaluation/faults/faults.ts';
import type { Bench, BenchOptions, EvaluationParts } from './evaluation/panel/evaluation-parts.ts';
import { RoomBus } from './evaluation/room/room-bus.ts';
import { scriptedTools } from './evaluation/run/scripted-tools.ts';
import type { OpenSubject, Subject, SubjectAccount, SubjectRequest } from './evaluation/run/subject.ts';
import { withInstructions } from './evaluation/run/with-instructions.ts';
import { hearWire } from './evaluation/scoring/heard-segments.ts';
import type { HeardSegment } from './evaluation/run/cell.ts';
import type { Wire } from './evaluation/sound/sound.ts';
import { KeptSpeech, type Spoken } from './evaluation/speech/kept-speech.ts';
import type { UserVoice } from './evaluation/speech/prepare-turn.ts';
import type { ScenarioVoice } from './evaluation/scenario/scenario.ts';
import { resolveModel } from './platform/models/resolve-model.ts';
import { DEFAULT_SETTINGS, type Settings } from './platform/settings.ts';
import type { Tts } from './ports/tts.ts';
import { fingerprintOf } from './tools/permissions.ts';

/** What the app's window measures with: to be given to the app by its composition root. */
export function evaluationParts(suitesDir: string): EvaluationParts {
  return { suitesDir, bench: openBench, engineFiles };
}

/** Whole apps to measure, a voice for the user, and ears for the agent's side. */
export function openBench(options: BenchOptions): Bench {
  const voice = new ChildVoice(options);
  const openSubject = appSubjects(options);
  return {
    openSubject: async (request) => {
      // All of this cell is spoken: the user's voice need not take the machine's time.
      await voice.close();
      return openSubject(request);
    },
    speaker: voice,
    recognise: (wire) => recogniseInChild(wire, options),
    close: () => voice.close(),
  };
}

/** Opens a whole app for each cell, with a data folder of its own: nothing that one conversation leaves is found by the next. */
function appSubjects(platform: BenchOptions): OpenSubject {
  return async (request) => {
    const dataDir = await mkdtemp(join(tmpdir(), 'parley-evaluation-'));
    const removeData = (): Promise<void> => rm(dataDir, { recursive: true, force: true });
    try {
      return await openApp(platform, request, { dataDir, removeData });
    } catch (cause) {
      await removeData();
      throw cause;
    }
  };
}

async function openApp(
  platform: BenchOptions,
  request: SubjectRequest,
  { dataDir, removeData }: { dataDir: string; removeData(): Promise<void> },
): Promise<Subject> {
  const { architectureId, scenario, condition, background, replaced, cell } = request;
  const { clock, faults = [], paths, runId } = platform;
  const account: SubjectAccount = { lines: [], toolCalls: [], failures: [] };
  let bus: RoomBus | undefined;
  const now = (): number => bus?.now ?? 0;
  const tools = scriptedTools(scenario.tools, {
    isBroken: faults.includes('tool-failing'),
    onCall: (call) => account.toolCalls.push({ at: now(), ...call }),
  });
  // What is rendered ahead with a voice that was broken must not be found by another run.
  const cacheDir = faults.length > 0 ? join(dataDir, 'cache') : paths.cacheDir;
  const app = await createApp({
    ...platform,
    paths: { ...paths, dataDir, cacheDir },
    settings: { current: settingsFor(platform.settings, request), notices: [], update: () => Promise.resolve() },
    scene: {
      tools,
      telemetry: {
        attributes: { 'parley.bench.run_id': runId, 'parley.bench.cell': cell },
        onTurn: ({ lineId, traceId }) => (account.traces = { ...account.traces, [lineId]: traceId }),
      },
      engines: (engines) => {
        const broken = breakEngines(engines, faults, clock);
        const { instructions } = scenario;
        const told =
          instructions === undefined ? broken : { ...broken, llm: withInstructions(broken.llm, instructions) };
        return replaced?.engines(told) ?? told;
      },
      ...(replaced ? { responder: (responder) => replaced.responder(responder) } : {}),
    },
    audio: {
      file: (events) =>
        (bus = new RoomBus({
          events,
          clock,
          background,
          effect: condition.microphone?.(),
          driftPpm: condition.driftPpm ?? 0,
          echoDb: condition.echoDb,
        })),
    },
  });
  const close = async (): Promise<void> => {
    await app.close();
    await removeData();
  };
  try {
    watch(app, { architectureId, account, now, onArchitectures: platform.onArchitectures });
    await app.whenListening();
    return { bus: bus!, account, close };
  } catch (cause) {
    await close();
    throw cause;
  }
}

/** Throws `bad-input` when the app has fallen back to another architecture. */
function watch(
  app: ParleyApp,
  options: {
    architectureId: string;
    account: SubjectAccount;
    now(): number;
    onArchitectures: BenchOptions['onArchitectures'];
  },
): void {
  const { account, now, architectureId } = options;
  let state: ArchitectureState | undefined;
  app.endpoint.connect({
    id: 'evaluation',
    carriesAudio: false,
    sendAudio: () => {},
    send: (event) => {
      if (event.type === 'snapshot') state = event.state.architecture;
      if (event.type !== 'line') return;
      const { line } = event;
      account.lines.push({ atMs: now(), line });
      if (line.role === 'agent' && line.error) account.failures.push({ at: now(), error: line.error });
    },
  });
  if (state) options.onArchitectures?.(state);
  if (state?.currentId === architectureId) return;
  const choice = state?.choices.find(({ id }) => id === architectureId);
  const ids = state?.choices.map(({ id }) => id).join(', ');
  const message = choice
    ? (choice.unavailable ?? 'it could not be opened')
    : `no architecture ${architectureId}; there are ${ids}`;
  throw new ParleyError({ code: 'bad-input', stage: 'app', message, detail: architectureId });
}

/** The user's engines, nobody's habits; scripted tools may be called without a question. */
function settingsFor(settings: Readonly<Settings>, { architectureId, scenario }: SubjectRequest): Settings {
  const { asrModelId, llmModelId, ttsModelId, vadModelId, turnModelId, endpoint } = settings;
  const allowed = scenario.tools.map((tool) => [
    tool.name,
    { permission: 'always' as const, fingerprint: fingerprintOf(tool) },
  ]);
  return {
    ...DEFAULT_SETTINGS,
    ...{ asrModelId, llmModelId, ttsModelId, vadModelId, turnModelId, endpoint },
    architectureId,
    toolPermissions: Object.fromEntries(allowed) as Settings['toolPermissions'],
  };
}

type ChildOptions = Pick<BenchOptions, 'paths' | 'secrets' | 'childHost' | 'clock' | 'logger'>;

/** The user's voice, in a child that runs only while something is spoken that was not kept. Close it when all is spoken. */
class ChildVoice implements UserVoice {
  readonly #options: ChildOptions;
  readonly #kept: KeptSpeech;
  #open: { name: string; child: SupervisedChild; tts: Tts } | undefined;

  constructor(options: ChildOptions) {
    this.#options = options;
    this.#kept = new KeptSpeech(options.paths);
  }

  async say(text: string, { voice, speed }: { voice?: ScenarioVoice | undefined; speed?: number }): Promise<Spoken> {
    const wanted = voice ?? { model: STARTER_MODELS.tts };
    const { entry } = resolveModel(wanted.model, this.#options.paths);
    const networkSha256 = entry.files.find(({ path }) => path.endsWith('.onnx'))?.sha256 ?? entry.id;
    return this.#kept.say({ networkSha256, text, speaker: wanted.speaker, speed }, () => this.#voice(wanted));
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    await open?.child.stop();
  }

  async #voice({ model, speaker }: ScenarioVoice): Promise<Tts> {
    const name = `${model} ${speaker ?? ''}`;
    if (this.#open?.name === name) return this.#open.tts;
    await this.close();
    const { paths, secrets, childHost: host, clock, logger } = this.#options;
    const { config, sampleRateHz } = speakEngine({
      settings: { ...DEFAULT_SETTINGS, ttsModelId: model },
      paths,
      secrets,
    });
    const spoken = config.engine === 'kokoro' && speaker !== undefined ? { ...config, voice: speaker } : config;
    const child = new SupervisedChild({ name: 'speak', config: spoken, host, clock, logger });
    await child.start();
    const tts = new SpeakClient(child, { sampleRateHz });
    this.#open = { name, child, tts };
    return tts;
  }
}

const FRAME_SAMPLES = 512;

/** Recognises the agent's channel with the starter's recogniser, whatever the app that is evaluated uses: one measure for all. */
async function recogniseInChild(wire: Wire, options: ChildOptions): Promise<HeardSegment[]> {
  const { paths, secrets, childHost: host, clock, logger } = options;
  const { config } = listenEngine({ settings: DEFAULT_SETTINGS, paths, secrets });
  const child = new SupervisedChild({ name: 'listen', config: { ...config, turnModelId: null }, host, clock, logger });
  try {
    await child.start();
    const listener = new ListenClient({ rpc: child, readTimeoutMs: 30_000 });
    let utteranceId = 0;
    let at = 0;
    return await hearWire(wire, async (samples) => {
      const startSample = at;
      const frames = [];
      for (let i = 0; i < samples.length; i += FRAME_SAMPLES) {
        frames.push({ startSample: at, samples: samples.slice(i, i + FRAME_SAMPLES) });
        at += Math.min(FRAME_SAMPLES, samples.length - i);
      }
      listener.push(frames);
      listener.beginUtterance(++utteranceId, startSample);
      const { text } = await listener.readUtterance(utteranceId, at);
      listener.endUtterance(utteranceId);
      return text;
    });
  } finally {
    await child.stop();
  }
}
