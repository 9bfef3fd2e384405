import { join } from 'node:path';
import type { ListenConfig } from './children/listen-config.ts';
import type { SpeakConfig } from './children/speak-config.ts';
import type { ThinkConfig } from './children/think-config.ts';
import type { EngineInfo } from './contract/state.ts';
import { endpointFromEnvironment } from './platform/environment-overrides.ts';
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

export interface EngineConfigOptions {
  settings: Readonly<Settings>;
  paths: ParleyPaths;
  secrets: SecretSource;
}

/** A child's config, and what the user is told of the engine in it. */
export interface ConfiguredEngine<Config> {
  config: Config;
  info: EngineInfo;
}

/** What the app must know of the voice besides: what its sound depends on. */
export interface ConfiguredVoice {
  sampleRateHz: number;
  voiceId: string;
  weightsSha256: string;
}

/** Each throws `model-missing` or `model-corrupt` when a file that it needs is not there or not whole. */
export function listenEngine({ settings, paths }: EngineConfigOptions): ConfiguredEngine<ListenConfig> {
  resolve(STARTER_MODELS.vad, paths);
  resolve(STARTER_MODELS.turn, paths);
  const model = resolve(settings.asrModelId ?? STARTER_MODELS.asr, paths);
  const modelId = model.entry.id;
  const asr: ListenConfig['asr'] = modelId.startsWith('whisper')
    ? { engine: 'whisper-cpp', modelId, fileName: model.entry.files[0]!.path }
    : modelId.startsWith('moonshine')
      ? { engine: 'moonshine', modelId }
      : { engine: 'sherpa-onnx', modelId };
  return {
    config: { modelsDir: paths.modelsDir, asr, vadModelId: STARTER_MODELS.vad, turnModelId: STARTER_MODELS.turn },
    info: localEngine(model),
  };
}

export async function thinkEngine(options: EngineConfigOptions): Promise<ConfiguredEngine<ThinkConfig>> {
  const { settings, paths, secrets } = options;
  const endpoint = endpointFromEnvironment(process.env) ?? settings.endpoint;
  if (endpoint) {
    const { url, model } = endpoint;
    const apiKey = await secrets.read('endpoint-api-key');
    return {
      config: { engine: 'openai-compatible', baseUrl: url, model, ...(apiKey === undefined ? {} : { apiKey }) },
      info: { id: model, label: `${model} at ${new URL(url).host}`, local: isLoopback(url) },
    };
  }
  const model = resolve(settings.llmModelId ?? STARTER_MODELS.llm, paths);
  const file = model.entry.files.find(({ path }) => path.endsWith('.gguf')) ?? model.entry.files[0]!;
  return {
    config: {
      engine: 'llama-cpp',
      modelPath: model.path(file.path),
      ...(file.sha256 === null ? {} : { modelSha256: file.sha256, stateFolder: join(paths.cacheDir, 'prompt-states') }),
    },
    info: localEngine(model),
  };
}

export function speakEngine({ settings, paths }: EngineConfigOptions): ConfiguredEngine<SpeakConfig> & ConfiguredVoice {
  const model = resolve(settings.ttsModelId ?? STARTER_MODELS.tts, paths);
  const { entry, folder } = model;
  const weightsSha256 = entry.files.map(({ path, sha256 }) => sha256 ?? path).join(' ');
  const shared = {
    info: localEngine(model),
    sampleRateHz: entry.sampleRateHz ?? 24_000,
    voiceId: entry.id,
    weightsSha256,
  };
  if (entry.id.startsWith('hibari')) return { config: { engine: 'hibari', folder }, ...shared };
  const espeakDataFolder = resolve('espeak-ng-data', paths).folder;
  const cacheFolder = join(paths.cacheDir, 'voices', entry.id);
  const engine = entry.id.startsWith('kokoro') ? 'kokoro' : 'piper';
  return { config: { engine, folder, espeakDataFolder, cacheFolder }, ...shared };
}

function resolve(id: string, { modelsDir }: ParleyPaths): ResolvedModel {
  return resolveModel(id, { modelsDir });
}

function localEngine({ entry }: ResolvedModel): EngineInfo {
  return { id: entry.id, label: entry.label, local: true };
}

function isLoopback(url: string): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);
}
