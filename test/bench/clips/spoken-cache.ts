import { createHash } from 'node:crypto';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { joinSamples } from '../../../main/audio/streaming-resampler.ts';
import { readWavFile } from '../../../main/audio/wav-reader.ts';
import { WavWriter } from '../../../main/audio/wav-writer.ts';
import { HibariTts } from '../../../main/engines/tts/hibari.ts';
import { resolveModel } from '../../../main/platform/models/resolve-model.ts';

const VOICE = 'hibari-heart';
const NETWORK = 'hibari.onnx';

export interface Spoken {
  samples: Float32Array;
  sampleRateHz: number;
}

/**
 * Texts in the default voice, kept as WAV files by the hash of network and text: a later version of the synthesis code does not change
 * what the bench says. Throws `model-missing`.
 */
export class SpokenCache {
  readonly #modelsDir: string;
  readonly #folder: string;
  #voice: HibariTts | undefined;

  constructor(options: { modelsDir: string; cacheDir: string }) {
    this.#modelsDir = options.modelsDir;
    this.#folder = join(options.cacheDir, 'bench-speech');
  }

  async say(text: string): Promise<Spoken> {
    const { entry } = resolveModel(VOICE, { modelsDir: this.#modelsDir });
    const network = entry.files.find(({ path }) => path === NETWORK)!;
    const key = createHash('sha256').update(`${network.sha256}\n${text}`).digest('hex').slice(0, 32);
    const filePath = join(this.#folder, `${key}.wav`);
    return (await readWavFile(filePath).catch(() => undefined)) ?? (await this.#speak(text, filePath));
  }

  async close(): Promise<void> {
    await this.#voice?.close();
    this.#voice = undefined;
  }

  async #speak(text: string, filePath: string): Promise<Spoken> {
    const { folder } = resolveModel(VOICE, { modelsDir: this.#modelsDir });
    this.#voice ??= await HibariTts.load({ folder });
    const parts: Float32Array[] = [];
    for await (const part of this.#voice.synthesize({ text })) parts.push(part);
    const samples = joinSamples(parts);
    const { sampleRateHz } = this.#voice;
    await mkdir(this.#folder, { recursive: true });
    const writer = new WavWriter({ filePath: `${filePath}.partial`, sampleRateHz });
    writer.write(samples);
    writer.close();
    await rename(`${filePath}.partial`, filePath);
    return { samples, sampleRateHz };
  }
}
