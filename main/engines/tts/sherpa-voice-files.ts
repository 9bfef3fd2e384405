import { createHash } from 'node:crypto';
import { access, appendFile, copyFile, mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ParleyError } from '../../contract/errors.ts';
import { requirePronunciation } from '../../platform/models/piper-description.ts';
import { encodeOnnxMetadata, readOnnxOutline } from '../../platform/models/onnx-outline.ts';

export interface SherpaModelSource {
  /** The model as installed; never changed. */
  modelPath: string;
  cacheFolder: string;
  metadata: Readonly<Record<string, string>>;
  /** Inputs that a model of this kind has; another model would end the process. */
  requiredInputs: readonly string[];
  /** Symbols of the voice and their ids. */
  tokens: readonly (readonly [symbol: string, id: number])[];
}

export interface SherpaModelFiles {
  modelPath: string;
  tokensPath: string;
}

/**
 * sherpa-onnx reads a voice's kind, rate and language out of the model file, where Piper and Kokoro do not write them. Makes a copy
 * with them appended, and the table of tokens, in a folder of the cache that is named after what went into it; an earlier one is
 * used again. The copy appears under its name only when it is complete. Throws `model-missing`, `model-corrupt`, `disk-full`.
 */
export async function prepareSherpaModel(source: SherpaModelSource): Promise<SherpaModelFiles> {
  const outline = await readOnnxOutline(source.modelPath, 'speak');
  if (!source.requiredInputs.every((input) => outline.inputs.includes(input))) {
    throw corrupt('the model is of another kind', source.modelPath);
  }
  const metadata = encodeOnnxMetadata(source.metadata);
  const tokens = source.tokens.map(([symbol, id]) => `${symbol} ${id}\n`).join('');
  const { size, mtimeMs } = await stat(source.modelPath);
  const key = createHash('sha256')
    .update(`${size} ${mtimeMs}\n`)
    .update(metadata)
    .update(tokens)
    .digest('hex')
    .slice(0, 16);
  const folder = join(source.cacheFolder, `${basename(source.modelPath, '.onnx')}-${key}`);
  const files = { modelPath: join(folder, 'model.onnx'), tokensPath: join(folder, 'tokens.txt') };
  if (await isWhole(files, size + metadata.length)) return files;
  const unfinished = `${folder}.${process.pid}.unfinished`;
  try {
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished, { recursive: true });
    await copyFile(source.modelPath, join(unfinished, 'model.onnx'));
    await appendFile(join(unfinished, 'model.onnx'), metadata);
    await writeFile(join(unfinished, 'tokens.txt'), tokens);
    await flush(join(unfinished, 'model.onnx'));
    await rm(folder, { recursive: true, force: true });
    await rename(unfinished, folder);
  } catch (cause) {
    await rm(unfinished, { recursive: true, force: true });
    const code = (cause as NodeJS.ErrnoException).code === 'ENOSPC' ? 'disk-full' : 'engine-failed';
    throw new ParleyError({ code, stage: 'speak', message: 'the copy of a voice could not be written', cause });
  }
  return files;
}

/** The data that espeak-ng needs for American English; without one of these files the process would end. */
const ESPEAK_FILES = ['phontab', 'phonindex', 'phondata', 'intonations', 'en_dict', 'lang/gmw/en-US'];

/**
 * Throws `model-missing` with the name of the file that is not there, and `model-unsupported` when the data has no pronunciation for
 * `espeakVoice` (default American English): the process would end there too.
 */
export async function checkEspeakData(folder: string, espeakVoice = 'en-us'): Promise<void> {
  requirePronunciation(espeakVoice, 'speak');
  for (const file of ESPEAK_FILES) {
    try {
      await access(join(folder, file));
    } catch (cause) {
      const message = 'a file of espeak-ng-data is not there';
      throw new ParleyError({ code: 'model-missing', stage: 'speak', message, detail: file, cause });
    }
  }
}

/** The only .onnx file of a folder. Throws `model-missing` when there is none or a choice. */
export async function onlyModelFile(folder: string): Promise<string> {
  const names = await readdir(folder).catch(() => []);
  const models = names.filter((name) => name.endsWith('.onnx'));
  if (models.length === 1) return models[0]!;
  const message = models.length === 0 ? 'no .onnx file in the folder of the voice' : 'several .onnx files: name one';
  throw new ParleyError({ code: 'model-missing', stage: 'speak', message, detail: basename(folder) });
}

export function corrupt(message: string, path: string): ParleyError {
  return new ParleyError({ code: 'model-corrupt', stage: 'speak', message, detail: basename(path) });
}

async function isWhole(files: SherpaModelFiles, sizeBytes: number): Promise<boolean> {
  try {
    await access(files.tokensPath);
    return (await stat(files.modelPath)).size === sizeBytes;
  } catch {
    return false;
  }
}

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
