import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { FLACDecoder } from '@wasm-audio-decoders/flac';
import { resampleWhole } from '../../main/audio/streaming-resampler.ts';
import { readWavFile } from '../../main/audio/wav-reader.ts';
import { resolvePaths } from '../../main/platform/paths.ts';

const repository = resolve(import.meta.dirname, '../..');

/** Where the models of this user lie. */
export const modelsDir = resolvePaths({
  platform: process.platform,
  env: process.env,
  homeDir: homedir(),
  workingDir: repository,
}).modelsDir;

/** Recordings that are not part of the project: a folder beside it, or what PARLEY_TEST_DATA names. */
const testDataDir = process.env['PARLEY_TEST_DATA'] ?? resolve(repository, '../shared/data');

export const LISTEN_MODELS = {
  vad: join(modelsDir, 'silero-vad', 'silero_vad.onnx'),
  turn: join(modelsDir, 'smart-turn-v3.2', 'smart-turn-v3.2-cpu.onnx'),
  moonshine: join(modelsDir, 'moonshine-tiny-en'),
};

export const MOONSHINE_FILES = ['encoder_model.ort', 'decoder_model_merged.ort', 'tokenizer.bin'];

export const samplePath = (name: string): string => join(modelsDir, 'speech-samples', name);
export const testDataPath = (name: string): string => join(testDataDir, name);

/** Undefined when all the files are there; else prints what is missing and gives it as the reason to skip. */
export function missing(...paths: string[]): string | undefined {
  const absent = paths.find((path) => !existsSync(path));
  if (absent !== undefined) console.log(`skipped: ${absent} is not there`);
  return absent;
}

/** A WAV file as 16 kHz mono. */
export async function loadWav(path: string): Promise<Float32Array> {
  const { samples, sampleRateHz } = await readWavFile(path);
  return resampleWhole(samples, { inputRateHz: sampleRateHz, outputRateHz: 16_000 });
}

/** A FLAC file of 16 kHz mono. */
export async function loadFlac(path: string): Promise<Float32Array> {
  const decoder = new FLACDecoder();
  await decoder.ready;
  const { channelData } = await decoder.decodeFile(await readFile(path));
  decoder.free();
  return channelData[0]!;
}

/** "It was the best of times …" as two_cities.wav reads it. */
export const TWO_CITIES =
  'It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness, it was the ' +
  'epoch of belief, it was the epoch of incredulity, it was the season of Light, it was the season of Darkness, it was the ' +
  'spring of hope, it was the winter of despair, we had everything before us, we had nothing before us, we were all going ' +
  'direct to Heaven, we were all going direct the other way – in short, the period was so far like the present period, that ' +
  'some of its noisiest authorities insisted on its being received, for good or for evil, in the superlative degree of ' +
  'comparison only.';
export const JFK =
  'And so my fellow Americans, ask not what your country can do for you, ask what you can do for your country.';
