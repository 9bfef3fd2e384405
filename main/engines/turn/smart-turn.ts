import { throwIfAborted } from '../../lib/abort.ts';
import { SerialQueue } from '../../lib/serial-queue.ts';
import type { CallOptions } from '../../ports/call-options.ts';
import type { TurnDetector } from '../../ports/turn-detector.ts';
import { checkPcm } from '../check-pcm.ts';
import { type InferenceSession, openOnnxSession, Tensor } from '../onnx.ts';
import { FEATURE_FRAMES, LogMelFeatures, MEL_BANDS } from './log-mel-features.ts';

/**
 * Smart Turn v3.2: hears from the last 8 s whether a turn is complete. 3–9 ms for the features and 67 ms for the model, on one
 * thread. Its answer is a hint and a jumpy one (int8: changes of 1e-5 in the features moved it by 0.4).
 */
export class SmartTurn implements TurnDetector {
  readonly #session: InferenceSession;
  readonly #features = new LogMelFeatures();
  readonly #queue = new SerialQueue('listen');
  #closing: Promise<void> | undefined;

  private constructor(session: InferenceSession) {
    this.#session = session;
  }

  /** Throws `model-missing` or `model-corrupt`. */
  static async open(options: { modelPath: string; threads?: number }): Promise<SmartTurn> {
    return new SmartTurn(await openOnnxSession(options.modelPath, { threads: options.threads ?? 1, stage: 'listen' }));
  }

  /** Throws `bad-input` on empty or non-finite audio. Abort is seen before each of the two steps, not within the model. */
  completeProbability(pcm: Float32Array, options: CallOptions = {}): Promise<number> {
    return this.#queue.run(async () => {
      checkPcm(pcm, 'listen');
      const features = new Tensor('float32', this.#features.compute(pcm), [1, MEL_BANDS, FEATURE_FRAMES]);
      throwIfAborted(options.signal, 'listen');
      const { logits } = await this.#session.run({ input_features: features });
      throwIfAborted(options.signal, 'listen');
      // Named logits, but the sigmoid is inside the model.
      return (logits!.data as Float32Array)[0]!;
    }, options.signal);
  }

  close(): Promise<void> {
    this.#closing ??= this.#queue.close().then(() => this.#session.release());
    return this.#closing;
  }
}
