import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { ParleyError } from '../../contract/errors.ts';
import { SerialQueue } from '../../lib/serial-queue.ts';
import { untilAborted } from '../../lib/until-aborted.ts';
import type { Asr, AsrOptions, Transcript } from '../../ports/asr.ts';
import { checkPcm } from '../check-pcm.ts';
import { emotionWord } from './emotion-token.ts';
import { inspectSherpaFolder } from './sherpa-model-folder.ts';

/** What we use of sherpa-onnx-node, which brings no type declarations. */
interface SherpaStream {
  acceptWaveform(wave: { samples: Float32Array; sampleRate: number }): void;
}
interface SherpaRecognizer {
  createStream(): SherpaStream;
  /** `emotion` of SenseVoice: `<|HAPPY|>`, the likeliest token without a probability; "" of others. */
  decodeAsync(stream: SherpaStream): Promise<{ text: string; emotion?: string }>;
}
interface Sherpa {
  OfflineRecognizer: { createAsync(config: unknown): Promise<SherpaRecognizer> };
}

const SAMPLE_RATE_HZ = 16_000;
const FEATURE_BINS = 80;
/** Kaldi-style features need a few frames; shorter audio has no words. */
const MIN_SAMPLES = 1600;

/**
 * Recognisers that a user installed, through sherpa-onnx: Zipformer and Parakeet transducers, Parakeet and Zipformer CTC,
 * SenseVoice, Whisper. Abort gives up the result at once; the decoding itself runs to its end before the next one starts.
 */
export class SherpaOfflineAsr implements Asr {
  readonly maxSegmentSeconds: number;
  readonly #recognizer: SherpaRecognizer;
  readonly #queue = new SerialQueue('listen');

  private constructor(recognizer: SherpaRecognizer, maxSegmentSeconds: number) {
    this.#recognizer = recognizer;
    this.maxSegmentSeconds = maxSegmentSeconds;
  }

  /**
   * `language`: of models that want to be told ("en" by default). The files are checked first, because sherpa-onnx ends its
   * process on bad ones. Throws `model-missing`, `model-corrupt` or `model-unknown`.
   */
  static async open(options: { modelDir: string; threads?: number; language?: string }): Promise<SherpaOfflineAsr> {
    const { config, maxSegmentSeconds } = await inspectSherpaFolder(options.modelDir, options.language ?? 'en');
    const sherpa = createRequire(import.meta.url)('sherpa-onnx-node') as Sherpa;
    try {
      const recognizer = await sherpa.OfflineRecognizer.createAsync({
        featConfig: { sampleRate: SAMPLE_RATE_HZ, featureDim: FEATURE_BINS },
        modelConfig: { ...config, numThreads: options.threads ?? 1, provider: 'cpu', debug: 0 },
        decodingMethod: 'greedy_search',
      });
      return new SherpaOfflineAsr(recognizer, maxSegmentSeconds);
    } catch (cause) {
      const detail = basename(options.modelDir);
      throw new ParleyError({
        code: 'model-corrupt',
        stage: 'listen',
        message: 'sherpa-onnx refused it',
        detail,
        cause,
      });
    }
  }

  async transcribe(pcm: Float32Array, options: AsrOptions = {}): Promise<Transcript> {
    const decoding = this.#queue.run(async () => {
      checkPcm(pcm, 'listen');
      if (pcm.length < MIN_SAMPLES) return { text: '' };
      const stream = this.#recognizer.createStream();
      stream.acceptWaveform({ samples: pcm, sampleRate: SAMPLE_RATE_HZ });
      const { text, emotion } = await this.#recognizer.decodeAsync(stream);
      const heard = emotionWord(emotion);
      return { text: text.trim(), ...(heard === undefined ? {} : { emotion: heard }) };
    }, options.signal);
    return untilAborted(decoding, options.signal, 'listen');
  }

  /** Waits for the running decoding: ending the thread in the middle of one kills the process. */
  close(): Promise<void> {
    return this.#queue.close();
  }
}
