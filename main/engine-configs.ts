import { join } from 'node:path';
import type { ListenConfig } from './children/listen-config.ts';
import type { SpeakConfig } from './children/speak-config.ts';
import type { ThinkConfig } from './children/think-config.ts';
import { NO_TURN_MODEL, type ModelStage } from './contract/models.ts';
import type { EngineInfo } from './contract/state.ts';
import { isLoopbackUrl } from './lib/loopback-url.ts';
import { endpointFromEnvironment } from './platform/environment-overrides.ts';
import { recordedSha256 } from './platform/models/installed-marker.ts';
import { entryMemoryBytes, type ModelEntry } from './platform/models/model-catalogue.ts';
import { resolveModel, type ResolvedModel } from './platform/models/resolve-model.ts';
import type { ParleyPaths } from './platform/paths.ts';
import type { SecretSource } from './platform/secrets.ts';
import type { Settings } from './platform/settings.ts';

/** Models that serve until the user chooses others. */
export const STARTER_MODELS = {
  vad: 'silero-vad',
  turn: 'smart-turn-v3.2',
  asr: 'moonshine-tiny-en',
  llm: 'smollm2-135m-instruct',
  tts: 'hibari-heart',
} as const;

/** A child without a model. */
const CHILD_BYTES = 80_000_000;

export interface EngineConfigOptions {
  settings: Readonly<Settings>;
  paths: ParleyPaths;
  secrets: SecretSource;
}

/** A child's config, and what the user is told of the engine in it. */
export interface ConfiguredEngine<Config> {
  config: Config;
  info: EngineInfo;
  /** What its process holds at work, about. */
  memoryBytes: number;
}

/** What the app must know of the voice besides: what its sound depends on. */
export interface ConfiguredVoice {
  sampleRateHz: number;
  voiceId: string;
  weightsSha256: string;
}

/** The model of each stage as the settings have it; for `turn` possibly `none`, for `llm` also where an endpoint is used instead. */
export function chosenModels(settings: Readonly<Settings>): Record<ModelStage, string> {
  return {
    vad: settings.vadModelId ?? STARTER_MODELS.vad,
    turn: settings.turnModelId ?? STARTER_MODELS.turn,
    asr: settings.asrModelId ?? STARTER_MODELS.asr,
    llm: settings.llmModelId ?? STARTER_MODELS.llm,
    tts: settings.ttsModelId ?? STARTER_MODELS.tts,
  };
}

/** Each throws `model-missing` or `model-corrupt` when a file that it needs is not there or not whole. */
export function listenEngine({ settings, paths }: EngineConfigOptions): ConfiguredEngine<ListenConfig> {
  const chosen = chosenModels(settings);
  const vad = resolve(chosen.vad, paths);
  const turn = chosen.turn === NO_TURN_MODEL ? null : resolve(chosen.turn, paths);
  const model = resolve(chosen.asr, paths);
  return {
    config: {
      modelsDir: paths.modelsDir,
      asr: recogniser(model.entry),
      vadModelId: vad.entry.id,
      turnModelId: turn?.entry.id ?? null,
      emotionModelFolder: join(paths.dataDir, 'emotion-model'),
    },
    ...localEngine(model),
  };
}

function recogniser({ id: modelId, engine, files }: ModelEntry): ListenConfig['asr'] {
  switch (engine) {
    case 'whisper-cpp':
      return { engine, modelId, fileName: files[0]!.path };
    case 'moonshine':
      return { engine, modelId };
    default:
      return { engine: 'sherpa-onnx', modelId };
  }
}

export async function thinkEngine(options: EngineConfigOptions): Promise<ConfiguredEngine<ThinkConfig>> {
  const { settings, paths, secrets } = options;
  const endpoint = endpointFromEnvironment(process.env) ?? settings.endpoint;
  if (endpoint) {
    const { url, model } = endpoint;
    const apiKey = await secrets.read('endpoint-api-key');
    return {
      config: { engine: 'openai-compatible', baseUrl: url, model, ...(apiKey === undefined ? {} : { apiKey }) },
      info: { id: model, label: `${model} at ${new URL(url).host}`, local: isLoopbackUrl(url) },
      memoryBytes: CHILD_BYTES,
    };
  }
  const model = resolve(chosenModels(settings).llm, paths);
  const file = model.entry.files.find(({ path }) => path.endsWith('.gguf')) ?? model.entry.files[0]!;
  const modelSha256 = file.sha256 ?? recordedSha256(model.folder, file.path);
  return {
    config: {
      engine: 'llama-cpp',
      modelPath: model.path(file.path),
      ...(modelSha256 === null ? {} : { modelSha256, stateFolder: join(paths.cacheDir, 'prompt-states') }),
    },
    ...localEngine(model),
  };
}

export function speakEngine({ settings, paths }: EngineConfigOptions): ConfiguredEngine<SpeakConfig> & ConfiguredVoice {
  const model = resolve(chosenModels(settings).tts, paths);
  const { entry, folder } = model;
  const weightsSha256 = entry.files.map(({ path, sha256 }) => sha256 ?? recordedSha256(folder, path)).join(' ');
  const shared = {
    ...localEngine(model),
    sampleRateHz: entry.sampleRateHz ?? 24_000,
    voiceId: entry.id,
    weightsSha256,
  };
  if (entry.engine === 'hibari') return { config: { engine: 'hibari', folder }, ...shared };
  const espeakDataFolder = resolve('espeak-ng-data', paths).folder;
  const cacheFolder = join(paths.cacheDir, 'voices', entry.id);
  const engine = entry.engine === 'kokoro' ? 'kokoro' : 'piper';
  return { config: { engine, folder, espeakDataFolder, cacheFolder }, ...shared };
}

function resolve(id: string, { modelsDir }: ParleyPaths): ResolvedModel {
  return resolveModel(id, { modelsDir });
}

function localEngine({ entry }: ResolvedModel): Pick<ConfiguredEngine<unknown>, 'info' | 'memoryBytes'> {
  return { info: { id: entry.id, label: entry.label, local: true }, memoryBytes: entryMemoryBytes(entry) };
}
