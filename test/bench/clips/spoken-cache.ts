import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { HibariTts } from '../../../main/engines/tts/hibari.ts';
import { loadKokoroVoice } from '../../../main/engines/tts/sherpa-kokoro.ts';
import { loadPiperVoice } from '../../../main/engines/tts/sherpa-piper.ts';
import { KeptSpeech, type Spoken } from '../../../main/evaluation/speech/kept-speech.ts';
import { resolveModel } from '../../../main/platform/models/resolve-model.ts';
import type { Tts } from '../../../main/ports/tts.ts';

const DEFAULT_VOICE = { model: 'hibari-heart' } as const;

/** A voice of the catalogue; `speaker` is one of Kokoro's. */
export interface BenchVoice {
  model: 'hibari-heart' | 'kokoro-v1.0-int8' | 'piper-joe-medium';
  speaker?: string;
}

/** Texts in the default voice (or another), with the engines in this process. Throws `model-missing`. */
export class SpokenCache {
  readonly #modelsDir: string;
  readonly #cacheDir: string;
  readonly #kept: KeptSpeech;
  /** The one that spoke last: Kokoro's eight would fill the memory. */
  #open: { name: string; voice: Tts } | undefined;

  constructor(options: { modelsDir: string; cacheDir: string }) {
    this.#modelsDir = options.modelsDir;
    this.#cacheDir = options.cacheDir;
    this.#kept = new KeptSpeech(options);
  }

  async say(
    text: string,
    { voice = DEFAULT_VOICE, speed = 1 }: { voice?: BenchVoice; speed?: number } = {},
  ): Promise<Spoken> {
    const { entry } = resolveModel(voice.model, { modelsDir: this.#modelsDir });
    const networkSha256 = entry.files.find(({ path }) => path.endsWith('.onnx'))!.sha256!;
    return this.#kept.say({ networkSha256, text, speaker: voice.speaker, speed }, () => this.#voice(voice));
  }

  async close(): Promise<void> {
    await this.#open?.voice.close();
    this.#open = undefined;
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
