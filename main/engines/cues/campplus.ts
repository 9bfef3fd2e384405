import { ParleyError } from '../../contract/errors.ts';
import { SerialQueue } from '../../lib/serial-queue.ts';
import type { CallOptions } from '../../ports/call-options.ts';
import type { SpeakerEncoder } from '../../ports/voice-cues.ts';
import { checkPcm } from '../check-pcm.ts';
import { type InferenceSession, openOnnxSession, Tensor } from '../onnx.ts';
import { BANDS, FilterBank } from './filter-bank.ts';

const LEAST_FRAMES = 10;

/** CAM++ (Wang et al. 2023): 192 numbers that are alike for the same speaker, whatever is said. About 50 ms for 1.5 s on one thread. */
export class Campplus implements SpeakerEncoder {
  readonly #session: InferenceSession;
  readonly #filterBank = new FilterBank();
  readonly #queue = new SerialQueue('listen');
  #closing: Promise<void> | undefined;

  private constructor(session: InferenceSession) {
    this.#session = session;
  }

  /** Throws `model-missing` or `model-corrupt`. */
  static async open(options: { modelPath: string; threads?: number }): Promise<Campplus> {
    return new Campplus(await openOnnxSession(options.modelPath, { threads: options.threads ?? 1, stage: 'listen' }));
  }

  /** Throws `bad-input` on non-finite audio and on less than 0.1 s of it. */
  embed(pcm: Float32Array, options: CallOptions = {}): Promise<number[]> {
    return this.#queue.run(async () => {
      checkPcm(pcm, 'listen');
      const { features, frames } = this.#filterBank.compute(pcm);
      if (frames < LEAST_FRAMES) {
        throw new ParleyError({ code: 'bad-input', stage: 'listen', message: 'this is too short for a voice' });
      }
      const { embedding } = await this.#session.run({ features: new Tensor('float32', features, [1, BANDS, frames]) });
      const values = embedding!.data as Float32Array;
      const length = Math.hypot(...values) || 1;
      return Array.from(values, (value) => Math.round((1e4 * value) / length) / 1e4);
    }, options.signal);
  }

  close(): Promise<void> {
    this.#closing ??= this.#queue.close().then(() => this.#session.release());
    return this.#closing;
  }
}
