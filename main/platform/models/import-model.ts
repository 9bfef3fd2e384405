import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ParleyError } from '../../contract/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import { diskFull, isDiskFull, requireFreeDisk } from './free-disk.ts';
import { scratchFolder, partialFolder } from './install-models.ts';
import { takeInstallLock } from './install-lock.ts';
import { writeMarker } from './installed-marker.ts';
import { catalogueOf, ENTRY_FILE, type ModelEntry } from './model-catalogue.ts';
import { moveIntoPlace } from './move-into-place.ts';
import { readOnnxOutline } from './onnx-outline.ts';
import { PIPER_INPUTS, readPiperDescription, requirePronunciation } from './piper-description.ts';

/** What a language model says of itself once it has been loaded and has answered. */
export interface TriedLanguageModel {
  architecture: string;
  /** Longest conversation that it was made for. */
  contextTokens: number;
  memoryBytes: number;
}

export interface ImportOptions {
  /** A Piper voice (.onnx) or a language model (.gguf). */
  path: string;
  /** Of a voice: its description. Default: `path` with .json appended. */
  descriptionPath?: string;
  modelsDir: string;
  clock: Clock;
  /** Loads a GGUF file in a process of its own and lets it write a few words. Throws what that throws. */
  tryLanguageModel(path: string, signal: AbortSignal | undefined): Promise<TriedLanguageModel>;
  signal?: AbortSignal;
}

/**
 * Copies a model of the user's own into the models folder, with an entry and the hashes of its files, so that it can be chosen, verified
 * and removed like any other; one of the same name that was brought before is replaced. It is looked at before: throws `bad-input`
 * for another kind of file, `model-missing`, `model-corrupt`, `model-unsupported`, `disk-full`.
 */
export async function importModel(options: ImportOptions): Promise<ModelEntry> {
  const { path, modelsDir, clock, signal } = options;
  const { entry, files } = await inspect(options);
  await mkdir(modelsDir, { recursive: true });
  const release = await takeInstallLock({ folder: partialFolder(modelsDir), clock, ...(signal ? { signal } : {}) });
  const scratch = join(scratchFolder(modelsDir), `import-${randomUUID()}`);
  try {
    await requireFreeDisk(modelsDir, await totalBytes(files));
    await mkdir(scratch, { recursive: true });
    const hashes = new Map<string, string>();
    for (const file of files) {
      const sha256 = await copyHashing(file.from, join(scratch, file.path), signal);
      hashes.set(file.path, sha256);
      entry.files.push({
        ...{ path: file.path, bytes: (await stat(file.from)).size, approximate: false },
        ...{ sha256, sources: [] },
      });
    }
    await replaceFolder({ entry, hashes, scratch, modelsDir });
    return entry;
  } catch (error) {
    if (isDiskFull(error)) throw diskFull(basename(path), error);
    throw error;
  } finally {
    await rm(scratch, { recursive: true, force: true });
    release();
  }
}

interface Inspected {
  /** Without its files. */
  entry: ModelEntry;
  files: { from: string; path: string }[];
}

async function inspect(options: ImportOptions): Promise<Inspected> {
  const found = await stat(options.path).catch(() => null);
  if (!found?.isFile()) {
    throw importError('model-missing', 'there is no such file', options.path);
  }
  switch (extname(options.path).toLowerCase()) {
    case '.onnx':
      return inspectVoice(options);
    case '.gguf':
      return inspectLanguageModel(options, found.size);
    default:
      throw importError('bad-input', 'neither a voice (.onnx) nor a language model (.gguf)', options.path);
  }
}

async function inspectVoice({ path, descriptionPath = `${path}.json`, modelsDir }: ImportOptions): Promise<Inspected> {
  const voice = await readPiperDescription(descriptionPath);
  requirePronunciation(voice.espeak.voice, 'speak');
  const { inputs } = await readOnnxOutline(path, 'speak');
  if (!PIPER_INPUTS.every((input) => inputs.includes(input))) {
    throw importError('model-unsupported', 'not the network of a Piper voice', path);
  }
  const name = basename(path, extname(path));
  return {
    entry: {
      ...ownEntry(name, modelsDir),
      ...{ kind: 'tts', engine: 'piper', label: `Piper, voice ${name}`, goodFor: 'A voice of your own.' },
      ...{ languages: ['en-US'], sampleRateHz: voice.audio.sample_rate },
      ...{ cost: { timesStarter: PIPER_TIMES_STARTER }, requires: ['espeak-ng-data'] },
    },
    files: [
      { from: path, path: basename(path) },
      { from: descriptionPath, path: `${basename(path)}.json` },
    ],
  };
}

/** As the Piper voices of the catalogue. */
const PIPER_TIMES_STARTER = 4;

async function inspectLanguageModel(options: ImportOptions, bytes: number): Promise<Inspected> {
  const { path, modelsDir, tryLanguageModel, signal } = options;
  await requireGgufHead(path);
  const tried = await tryLanguageModel(path, signal);
  const name = basename(path, extname(path));
  return {
    entry: {
      ...ownEntry(name, modelsDir),
      ...{ kind: 'llm', engine: 'llama-cpp', label: name },
      goodFor: `A model of your own (${tried.architecture}, up to ${tried.contextTokens} tokens).`,
      memoryBytes: Math.max(tried.memoryBytes, bytes),
    },
    files: [{ from: path, path: basename(path) }],
  };
}

/** The first bytes tell a model from an error page before anything native sees it. */
async function requireGgufHead(path: string): Promise<void> {
  const file = await open(path);
  try {
    const head = Buffer.alloc(8);
    await file.read(head, 0, head.length, 0);
    if (head.toString('latin1', 0, 4) !== 'GGUF') throw importError('model-corrupt', 'no GGUF file', path);
    const version = head.readUInt32LE(4);
    if (version < 2 || version > 3) throw importError('model-unsupported', `GGUF version ${version}`, path);
  } finally {
    await file.close();
  }
}

/** An entry of the user's own with a free id that follows from the file's name. */
function ownEntry(name: string, modelsDir: string): ModelEntry {
  const slug = name.toLowerCase().replaceAll(/[^a-z0-9.]+/g, '-');
  const taken = new Set(catalogueOf(modelsDir).entries.flatMap(({ id, imported }) => (imported ? [] : [id])));
  let id = `own-${slug}`;
  while (taken.has(id)) id += '-2';
  return {
    ...{ id, kind: 'tts', label: name, goodFor: '', languages: [], cost: {}, quality: null, requires: [], files: [] },
    ...{ verified: false, imported: true, starter: false, recommended: false, forTests: false },
    licence: { spdx: 'LicenseRef-Own', text: 'Brought by you; its licence is your affair.' },
  };
}

async function copyHashing(from: string, to: string, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash('sha256');
  const reading = createReadStream(from, { highWaterMark: 1 << 20 });
  reading.on('data', (chunk) => hash.update(chunk));
  await pipeline(reading, createWriteStream(to), { signal });
  return hash.digest('hex');
}

/** The marker comes last, as with an installation: until then there is no model. */
async function replaceFolder(options: {
  entry: ModelEntry;
  hashes: Map<string, string>;
  scratch: string;
  modelsDir: string;
}): Promise<void> {
  const { entry, hashes, scratch, modelsDir } = options;
  const folder = join(modelsDir, entry.id);
  const old = `${scratch}-old`;
  await rename(folder, old).catch(() => {});
  for (const { path } of entry.files) await moveIntoPlace(join(scratch, path), join(folder, path));
  await writeFile(join(folder, ENTRY_FILE), JSON.stringify(entry, null, 2));
  await writeMarker(folder, entry, hashes);
  await rm(old, { recursive: true, force: true });
}

async function totalBytes(files: Inspected['files']): Promise<number> {
  const sizes = await Promise.all(files.map(async ({ from }) => (await stat(from)).size));
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}

function importError(
  code: 'model-missing' | 'bad-input' | 'model-corrupt' | 'model-unsupported',
  message: string,
  path: string,
): ParleyError {
  return new ParleyError({ code, stage: 'models', message, detail: basename(path) });
}
