import { join } from 'node:path';
import { ParleyError } from '../../contract/errors.ts';
import { SerialQueue } from '../../lib/serial-queue.ts';
import type { CallOptions } from '../../ports/call-options.ts';
import type { VoiceClaim, VoiceClaimant } from '../../ports/voice-cues.ts';
import { checkPcm } from '../check-pcm.ts';
import { type InferenceSession, openOnnxSession, Tensor } from '../onnx.ts';
import { readEmotionModelFile, type EmotionModelFile } from './emotion-model-file.ts';

/** Nearer to the middle than this, an arousal or a valence is no claim. */
const MIDDLE = 0.1;

/**
 * A speech-emotion model of the user's own: `model.onnx`, one float input (samples; [N], [1, N] or [1, 1, N]), and `model.json`. A run takes its thread as long
 * as the model needs.
 */
export class OnnxEmotion implements VoiceClaimant {
  readonly #session: InferenceSession;
  readonly #file: EmotionModelFile;
  readonly #input: string;
  readonly #output: string;
  readonly #rank: number;
  readonly #queue = new SerialQueue('listen');

  private constructor(session: InferenceSession, file: EmotionModelFile) {
    this.#session = session;
    this.#file = file;
    this.#input = file.input ?? session.inputNames[0]!;
    this.#output = file.output ?? session.outputNames[0]!;
    const others = session.inputNames.filter((name) => name !== this.#input);
    if (!session.inputNames.includes(this.#input)) throw corrupt(`it has no input "${this.#input}"`);
    if (!session.outputNames.includes(this.#output)) throw corrupt(`it has no output "${this.#output}"`);
    if (others.length > 0) throw corrupt(`it wants more inputs than sound: ${others.join(', ')}`);
    const input = session.inputMetadata.find(({ name }) => name === this.#input);
    if (!input?.isTensor || input.type !== 'float32' || input.shape.length < 1 || input.shape.length > 3) {
      throw corrupt('its input is not samples as float32 in one to three dimensions');
    }
    this.#rank = input.shape.length;
  }

  /** Throws `model-missing` and `model-corrupt`; `detail` says what is wrong. */
  static async open(options: { folder: string; threads?: number }): Promise<OnnxEmotion> {
    const file = readEmotionModelFile(options.folder);
    const modelPath = join(options.folder, 'model.onnx');
    const session = await openOnnxSession(modelPath, { threads: options.threads ?? 1, stage: 'listen' });
    try {
      return new OnnxEmotion(session, file);
    } catch (cause) {
      await session.release();
      throw cause;
    }
  }

  get sampleRateHz(): number {
    return this.#file.sampleRateHz;
  }

  /** Of mono at `sampleRateHz`. Throws `bad-input` on none or non-finite audio, `engine-failed` when the model fails or gives other numbers than its file says. */
  claim(pcm: Float32Array, options: CallOptions = {}): Promise<VoiceClaim> {
    return this.#queue.run(async () => {
      checkPcm(pcm, 'listen');
      const values = await this.#run(this.#file.normalise ? normalised(pcm) : pcm);
      const claimed = 'labels' in this.#file ? likeliest(values, this.#file) : placed(values, this.#file.dimensions);
      return { engine: this.#file.name, ...claimed };
    }, options.signal);
  }

  async close(): Promise<void> {
    await this.#queue.close();
    await this.#session.release();
  }

  async #run(pcm: Float32Array): Promise<number[]> {
    const shape = [...Array.from({ length: this.#rank - 1 }, () => 1), pcm.length];
    try {
      const outputs = await this.#session.run({ [this.#input]: new Tensor('float32', pcm, shape) }, [this.#output]);
      const values = Array.from(outputs[this.#output]!.data as Float32Array, Number);
      if (!values.every(Number.isFinite)) throw failed('its output is not finite');
      return values;
    } catch (cause) {
      throw ParleyError.from(cause, 'listen', 'engine-failed');
    }
  }
}

function likeliest(
  values: readonly number[],
  file: { labels: string[]; softmax: boolean },
): Omit<VoiceClaim, 'engine'> {
  const { labels, softmax } = file;
  if (values.length !== labels.length) throw failed(`it gives ${values.length} numbers for ${labels.length} labels`);
  const highest = Math.max(...values);
  const parts = softmax ? values.map((value) => Math.exp(value - highest)) : values;
  const confidence = softmax ? 1 / parts.reduce((sum, part) => sum + part, 0) : highest;
  if (parts.some((part) => part < 0 || part > 1))
    throw failed('its output is no probabilities: "softmax" must be true');
  return { label: labels[values.indexOf(highest)]!, confidence };
}

/** In words of two dimensions. The confidence is how far from the middle they are, and no probability. */
function placed(
  values: readonly number[],
  dimensions: Extract<EmotionModelFile, { dimensions: unknown }>['dimensions'],
): Omit<VoiceClaim, 'engine'> {
  const [low, high] = dimensions.range;
  const at = (index: number | undefined, words: readonly [string, string]) => {
    if (index === undefined) return [];
    const value = values[index];
    if (value === undefined) throw failed(`it gives ${values.length} numbers and none at ${index}`);
    const side = Math.min(1, Math.max(0, (value - low) / (high - low))) - 0.5;
    return Math.abs(side) < MIDDLE ? [] : [{ word: words[side < 0 ? 0 : 1], confidence: 2 * Math.abs(side) }];
  };
  const said = [
    ...at(dimensions.arousal, ['low arousal', 'high arousal']),
    ...at(dimensions.valence, ['unpleasant', 'pleasant']),
  ];
  if (said.length === 0) return { label: 'in the middle', confidence: 0 };
  return {
    label: said.map(({ word }) => word).join(', '),
    confidence: Math.min(...said.map((each) => each.confidence)),
  };
}

function normalised(pcm: Float32Array): Float32Array {
  const mean = pcm.reduce((sum, sample) => sum + sample, 0) / pcm.length;
  const variance = pcm.reduce((sum, sample) => sum + (sample - mean) ** 2, 0) / pcm.length;
  const scale = 1 / Math.sqrt(variance + 1e-7);
  return pcm.map((sample) => (sample - mean) * scale);
}

function corrupt(detail: string): ParleyError {
  return new ParleyError({ code: 'model-corrupt', stage: 'listen', message: 'the emotion model does not fit', detail });
}

function failed(detail: string): ParleyError {
  return new ParleyError({ code: 'engine-failed', stage: 'listen', message: 'the emotion model failed', detail });
}
