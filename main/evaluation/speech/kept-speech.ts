import { createHash } from 'node:crypto';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { joinSamples } from '../../audio/streaming-resampler.ts';
import { readWavFile } from '../../audio/wav-reader.ts';
import { WavWriter } from '../../audio/wav-writer.ts';
import { SerialQueue } from '../../lib/serial-queue.ts';
import type { Tts } from '../../ports/tts.ts';

export interface Spoken {
  samples: Float32Array;
  sampleRateHz: number;
}

/** A text and everything that its sound depends on. */
export interface SpeechKey {
  /** Of the voice's network. */
  networkSha256: string;
  text: string;
  /** Of a network with several voices. */
  speaker?: string | undefined;
  speed?: number | undefined;
}

/**
 * Spoken texts as WAV files, by the hash of network and text: a later version of the synthesis code does not change what a bench says, and
 * the second run says it without a voice.
 */
export class KeptSpeech {
  readonly #folder: string;
  readonly #speaking = new SerialQueue('speak');

  constructor(options: { cacheDir: string }) {
    this.#folder = join(options.cacheDir, 'bench-speech');
  }

  /** `voice` is asked for only when the text has not been kept yet; what it throws is thrown on. */
  async say(key: SpeechKey, voice: () => Promise<Tts>): Promise<Spoken> {
    const filePath = join(this.#folder, `${hashOf(key)}.wav`);
    const kept = await readWavFile(filePath).catch(() => undefined);
    return kept ?? this.#speaking.run(async () => this.#speak(key, await voice(), filePath));
  }

  async #speak({ text, speed = 1 }: SpeechKey, voice: Tts, filePath: string): Promise<Spoken> {
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
}

function hashOf({ networkSha256, text, speaker, speed = 1 }: SpeechKey): string {
  const manner = speaker === undefined && speed === 1 ? '' : `\n${speaker ?? ''}\n${speed}`;
  return createHash('sha256').update(`${networkSha256}\n${text}${manner}`).digest('hex').slice(0, 32);
}
