import { join } from 'node:path';
import { throwIfAborted } from '../../lib/abort.ts';
import { SerialQueue } from '../../lib/serial-queue.ts';
import type { Asr, AsrOptions, Transcript } from '../../ports/asr.ts';
import { checkPcm } from '../check-pcm.ts';
import { type InferenceSession, openOnnxSession, Tensor } from '../onnx.ts';
import { MoonshineDecoder, VOCABULARY_SIZE } from './moonshine-decoder.ts';
import { MoonshineTokenizer } from './moonshine-tokenizer.ts';

const SAMPLE_RATE_HZ = 16_000;
const MAX_SEGMENT_SECONDS = 15;
/** The convolutions need 895 samples for one frame; the model says nothing sensible below about a tenth of a second. */
const MIN_SAMPLES = 1600;
/** English speech stays below 6 tokens a second; more is the decoder running on without sound. */
const MAX_TOKENS_PER_SECOND = 6.5;
const SPARE_TOKENS = 6;
/** −66 dBFS. Below it there is only the noise of the converter, and the model makes up a "You". */
const SILENT_PEAK = 0.0005;

/**
 * Moonshine tiny-en. CPU ms on one thread at 2.5 GHz for 1 / 2 / 4 / 8 s: 17 / 41 / 85 / 197, and 15 / 26 / 55 / 105 with a draft
 * that turns out right. Abort is seen between the steps of the decoder (about 4 ms); the encoder (10 ms per second of audio)
 * runs through.
 */
export class MoonshineAsr implements Asr {
  readonly maxSegmentSeconds = MAX_SEGMENT_SECONDS;
  readonly #encoder: InferenceSession;
  readonly #decoder: MoonshineDecoder;
  readonly #tokenizer: MoonshineTokenizer;
  readonly #queue = new SerialQueue('listen');
  /** Ones, as long as the longest audio so far; the mask of shorter audio is a view of it. */
  #ones = new BigInt64Array(0);
  #closing: Promise<void> | undefined;

  private constructor(encoder: InferenceSession, decoder: MoonshineDecoder, tokenizer: MoonshineTokenizer) {
    this.#encoder = encoder;
    this.#decoder = decoder;
    this.#tokenizer = tokenizer;
  }

  /** Opens encoder_model.ort, decoder_model_merged.ort and tokenizer.bin in `modelDir`. Throws `model-missing` or `model-corrupt`. */
  static async open(options: { modelDir: string; threads?: number }): Promise<MoonshineAsr> {
    const session = { threads: options.threads ?? 1, stage: 'listen' } as const;
    const file = (name: string) => join(options.modelDir, name);
    const tokenizer = await MoonshineTokenizer.open(file('tokenizer.bin'), VOCABULARY_SIZE);
    const encoder = await openOnnxSession(file('encoder_model.ort'), session);
    const decoder = await openOnnxSession(file('decoder_model_merged.ort'), session);
    return new MoonshineAsr(encoder, new MoonshineDecoder(decoder), tokenizer);
  }

  transcribe(pcm: Float32Array, options: AsrOptions = {}): Promise<Transcript> {
    return this.#queue.run(async () => {
      checkPcm(pcm, 'listen');
      if (pcm.length < MIN_SAMPLES || isSilent(pcm)) return { text: '', tokens: [] };
      const attentionMask = this.#maskFor(pcm.length);
      const input = new Tensor('float32', pcm, [1, pcm.length]);
      const encoded = await this.#encoder.run({ input_values: input, attention_mask: attentionMask });
      throwIfAborted(options.signal, 'listen');
      const tokens = await this.#decoder.decode({
        hiddenStates: encoded['last_hidden_state']!,
        attentionMask,
        draft: options.draft?.tokens ?? [],
        maxTokens: Math.ceil((pcm.length / SAMPLE_RATE_HZ) * MAX_TOKENS_PER_SECOND) + SPARE_TOKENS,
        signal: options.signal,
      });
      return { text: this.#tokenizer.decode(tokens), tokens };
    }, options.signal);
  }

  close(): Promise<void> {
    this.#closing ??= this.#queue.close().then(async () => {
      await this.#encoder.release();
      await this.#decoder.close();
    });
    return this.#closing;
  }

  #maskFor(samples: number): Tensor {
    if (this.#ones.length < samples) this.#ones = new BigInt64Array(samples).fill(1n);
    return new Tensor('int64', this.#ones.subarray(0, samples), [1, samples]);
  }
}

function isSilent(pcm: Float32Array): boolean {
  for (const sample of pcm) if (sample > SILENT_PEAK || sample < -SILENT_PEAK) return false;
  return true;
}
