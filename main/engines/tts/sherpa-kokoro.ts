import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ParleyError } from '../../contract/errors.ts';
import type { Tts } from '../../ports/tts.ts';
import { KOKORO_SYMBOL_IDS } from './kokoro-symbols.ts';
import { SherpaVoice } from './sherpa-voice.ts';
import { checkEspeakData, corrupt, onlyModelFile, prepareSherpaModel } from './sherpa-voice-files.ts';

export interface KokoroOptions {
  folder: string;
  espeakDataFolder: string;
  cacheFolder: string;
  threads?: number;
  voice?: string;
}

/** Style vectors of a voice: one of 256 numbers for each length up to 510 tokens. */
const STYLE_ROWS = 510;
const STYLE_COLUMNS = 256;
const STYLE_BYTES = STYLE_ROWS * STYLE_COLUMNS * Float32Array.BYTES_PER_ELEMENT;

/**
 * Opens Kokoro 82M with the voices in its folder. It needs about twice the length of the audio on two old cores (RTF 1.9), so it is
 * for rendering ahead of time, not for conversation there. Throws `model-missing` or `model-corrupt` with the file's name.
 */
export async function loadKokoroVoice(options: KokoroOptions): Promise<Tts> {
  const { folder } = options;
  const modelPath = join(folder, await onlyModelFile(folder));
  await checkEspeakData(options.espeakDataFolder);
  const names = await voiceNames(folder);
  const speakerId = options.voice === undefined ? 0 : names.indexOf(options.voice);
  if (speakerId < 0) {
    throw new ParleyError({ code: 'model-missing', stage: 'speak', message: 'no such voice', detail: options.voice });
  }
  const files = await prepareSherpaModel({
    modelPath,
    cacheFolder: options.cacheFolder,
    requiredInputs: ['tokens', 'style', 'speed'],
    metadata: {
      model_type: 'kokoro',
      version: '1',
      has_espeak: '1',
      language: 'English',
      voice: 'en-us',
      sample_rate: '24000',
      style_dim: `${STYLE_ROWS},1,${STYLE_COLUMNS}`,
      n_speakers: String(names.length),
      speaker_names: names.join(','),
    },
    tokens: [...KOKORO_SYMBOL_IDS],
  });
  const voices = await joinVoices(folder, names, options.cacheFolder);
  return SherpaVoice.load({
    model: {
      kokoro: { model: files.modelPath, tokens: files.tokensPath, voices, dataDir: options.espeakDataFolder },
    },
    threads: options.threads,
    speakerId,
  });
}

async function voiceNames(folder: string): Promise<string[]> {
  const files = await readdir(join(folder, 'voices')).catch(() => []);
  const names = files.filter((file) => file.endsWith('.bin')).map((file) => file.slice(0, -4));
  if (names.length === 0) {
    throw new ParleyError({
      code: 'model-missing',
      stage: 'speak',
      message: 'no voices beside the model',
      detail: 'voices',
    });
  }
  return names.sort();
}

/** sherpa-onnx wants the style vectors of all voices in one file, in the order of the speaker names. */
async function joinVoices(folder: string, names: string[], cacheFolder: string): Promise<string> {
  const parts: Buffer[] = [];
  for (const name of names) {
    const path = join(folder, 'voices', `${name}.bin`);
    const bytes = await readFile(path);
    if (bytes.length !== STYLE_BYTES) throw corrupt('style vectors of a wrong length', path);
    parts.push(bytes);
  }
  const joined = Buffer.concat(parts);
  const key = createHash('sha256').update(joined).digest('hex').slice(0, 16);
  const path = join(cacheFolder, `kokoro-voices-${key}.bin`);
  const present = await stat(path).catch(() => undefined);
  if (present?.size === joined.length) return path;
  await mkdir(cacheFolder, { recursive: true });
  await writeFile(`${path}.${process.pid}.unfinished`, joined);
  await rename(`${path}.${process.pid}.unfinished`, path);
  return path;
}
