import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const dataFolder = process.env['PARLEY_DATA'] ?? join(homedir(), '.local', 'share', 'parley');

export const modelFolder = (id: string): string => join(dataFolder, 'models', id);

export const VOICE_FILES = {
  'hibari-heart': [
    'hibari.onnx',
    'lexicon_us_gold.json.gz',
    'lexicon_us_silver.json.gz',
    'tagger.json.gz',
    'oov.onnx',
    'oov.json',
  ],
  'piper-joe-medium': ['en_US-joe-medium.onnx', 'en_US-joe-medium.onnx.json'],
  'kokoro-v1.0-int8': ['kokoro-v1.0.int8.onnx', 'voices/af_heart.bin'],
  'espeak-ng-data': ['phontab', 'phonindex', 'phondata', 'intonations', 'en_dict', 'lang/gmw/en-US'],
  'moonshine-tiny-en': ['encoder_model.ort', 'decoder_model_merged.ort', 'tokenizer.bin'],
} as const;

/** Says why and returns true when the tests that need these models cannot run. */
export function modelsMissing(...ids: (keyof typeof VOICE_FILES)[]): boolean {
  for (const id of ids) {
    const missing = VOICE_FILES[id].find((file) => !existsSync(join(modelFolder(id), file)));
    if (missing === undefined) continue;
    console.warn(`Skipped: ${id} is not wholly installed (no ${missing} in ${modelFolder(id)}).`);
    return true;
  }
  return false;
}

export async function collectSpeech(chunks: AsyncIterable<Float32Array>): Promise<Float32Array> {
  const parts: Float32Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
