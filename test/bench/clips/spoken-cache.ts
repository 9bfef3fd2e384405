import { createHash } from 'node:crypto';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { joinSamples } from '../../../main/audio/streaming-resampler.ts';
import { readWavFile } from '../../../main/audio/wav-reader.ts';
import { WavWriter } from '../../../main/audio/wav-writer.ts';
import { HibariTts } from '../../../main/engines/tts/hibari.ts';
import { loadKokoroVoice } from '../../../main/engines/tts/sherpa-kokoro.ts';
import { loadPiperVoice } from '../../../main/engines/tts/sherpa-piper.ts';
import { SerialQueue } from '../../../main/lib/serial-queue.ts';
import { resolveModel } from '../../../main/platform/models/resolve-model.ts';
import type { Tts } from '../../../main/ports/tts.ts';

const DEFAULT_VOICE = { model: 'hibari-heart' } as const;

export interface Spoken {
  samples: Float32Array;
  sampleRateHz: number;
}

/** A voice of the catalogue; `speaker` is one of Kokoro's. */
export interface BenchVoice {
  model: 'hibari-heart' | 'kokoro-v1.0-int8' | 'piper-joe-medium';
  speaker?: string;
}

/**
 * Texts in the default voice (or another), kept as WAV files by the hash of network and text: a later version of the synthesis code
 * does not change what the bench says. Throws `model-missing`.
 */
export class SpokenCache {
  readonly #modelsDir: string;
  readonly #cacheDir: string;
  readonly #folder: string;
  readonly #speaking = new SerialQueue('speak');
  /** The one that spoke last: Kokoro's eight would fill the memory. */
  #open: { name: string; voice: Tts } | undefined;

  constructor(options: { modelsDir: string; cacheDir: string }) {
    this.#modelsDir = options.modelsDir;
    this.#cacheDir = options.cacheDir;
    this.#folder = join(options.cacheDir, 'bench-speech');
  }

  async say(
    text: string,
    { voice = DEFAULT_VOICE, speed = 1 }: { voice?: BenchVoice; speed?: number } = {},
  ): Promise<Spoken> {
    const { entry } = resolveModel(voice.model, { modelsDir: this.#modelsDir });
    const network = entry.files.find(({ path }) => path.endsWith('.onnx'))!;
    const manner = voice.speaker === undefined && speed === 1 ? '' : `\n${voice.speaker ?? ''}\n${speed}`;
    const key = createHash('sha256').update(`${network.sha256}\n${text}${manner}`).digest('hex').slice(0, 32);
    const filePath = join(this.#folder, `${key}.wav`);
    const kept = await readWavFile(filePath).catch(() => undefined);
    return kept ?? this.#speaking.run(() => this.#speak({ text, voice, speed }, filePath));
  }

  async close(): Promise<void> {
    await this.#open?.voice.close();
    this.#open = undefined;
  }

  async #speak(request: { text: string; voice: BenchVoice; speed: number }, filePath: string): Promise<Spoken> {
    const { text, speed } = request;
    const voice = await this.#voice(request.voice);
    const parts: Float32Array[] = [];
    for await (const part of voice.synthesize({ text, speed })) parts.push(part);
    const samples = joinSamples(parts);
    const { sampleRateHz } = voice;
    await mkdir(this.#folder, { recursive: true });
    const writer = new WavWriter({ filePath: `${filePath}.partial`, sampleRateHz });
    writer.write(samples);
    writer.close();
    await rename(`${filePath}.partial`, filePath);
    return { samples, sampleRateHz };
  }

  async #voice(wanted: BenchVoice): Promise<Tts> {
    const name = `${wanted.model} ${wanted.speaker ?? ''}`;
    if (this.#open?.name === name) return this.#open.voice;
    await this.close();
    const voice = await this.#load(wanted);
    this.#open = { name, voice };
    return voice;
  }

  async #load({ model, speaker }: BenchVoice): Promise<Tts> {
    const modelsDir = this.#modelsDir;
    const { folder } = resolveModel(model, { modelsDir });
    if (model === 'hibari-heart') return HibariTts.load({ folder });
    const cacheFolder = join(this.#cacheDir, 'voices');
    await mkdir(cacheFolder, { recursive: true });
    const files = { folder, cacheFolder, espeakDataFolder: resolveModel('espeak-ng-data', { modelsDir }).folder };
    if (model === 'piper-joe-medium') return loadPiperVoice(files);
    return loadKokoroVoice({ ...files, ...(speaker === undefined ? {} : { voice: speaker }) });
  }
}
