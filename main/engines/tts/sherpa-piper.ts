import { join } from 'node:path';
import type { Tts } from '../../ports/tts.ts';
import { PIPER_INPUTS, readPiperDescription } from '../../platform/models/piper-description.ts';
import { SherpaVoice } from './sherpa-voice.ts';
import { checkEspeakData, onlyModelFile, prepareSherpaModel } from './sherpa-voice-files.ts';

export interface PiperOptions {
  folder: string;
  modelFile?: string;
  espeakDataFolder: string;
  cacheFolder: string;
  threads?: number;
  speakerId?: number;
}

/**
 * Opens any Piper voice. The first time it writes a copy of the model with the metadata that sherpa-onnx wants.
 * Throws `model-missing` or `model-corrupt` with the file's name.
 */
export async function loadPiperVoice(options: PiperOptions): Promise<Tts> {
  const modelFile = options.modelFile ?? (await onlyModelFile(options.folder));
  const modelPath = join(options.folder, modelFile);
  const voice = await readPiperDescription(`${modelPath}.json`);
  await checkEspeakData(options.espeakDataFolder, voice.espeak.voice);
  const files = await prepareSherpaModel({
    modelPath,
    cacheFolder: options.cacheFolder,
    requiredInputs: PIPER_INPUTS,
    metadata: {
      model_type: 'vits',
      comment: 'piper',
      language: voice.language?.code ?? voice.espeak.voice,
      voice: voice.espeak.voice,
      has_espeak: '1',
      n_speakers: String(voice.num_speakers ?? 1),
      sample_rate: String(voice.audio.sample_rate),
    },
    tokens: Object.entries(voice.phoneme_id_map).map(([symbol, ids]) => [symbol, ids[0]!] as const),
  });
  return SherpaVoice.load({
    model: {
      vits: {
        model: files.modelPath,
        tokens: files.tokensPath,
        dataDir: options.espeakDataFolder,
        noiseScale: voice.inference?.noise_scale ?? 0.667,
        noiseScaleW: voice.inference?.noise_w ?? 0.8,
        lengthScale: voice.inference?.length_scale ?? 1,
      },
    },
    threads: options.threads,
    speakerId: options.speakerId,
  });
}
