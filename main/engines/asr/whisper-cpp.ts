import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { ParleyError } from '../../contract/errors.ts';
import { SerialQueue } from '../../lib/serial-queue.ts';
import { untilAborted } from '../../lib/until-aborted.ts';
import type { Asr, AsrOptions, Transcript } from '../../ports/asr.ts';
import { checkPcm } from '../check-pcm.ts';

type WhisperContext = Awaited<ReturnType<typeof import('@fugood/whisper.node').initWhisper>>;

const MAX_SEGMENT_SECONDS = 28;
/** whisper.cpp hears nothing in less than a second: silence is added. */
const MIN_SAMPLES = 17_600;
/** "ggml" as a little-endian number, and "GGUF". */
const MAGIC = ['lmgg', 'GGUF'];
/** Header, vocabulary and the smallest weights: less is a cut file. */
const MIN_MODEL_BYTES = 1 << 20;

/**
 * Whisper through whisper.cpp: many languages, accurate, on the GPU where there is one. Without a GPU too slow to be live: 30 s of
 * CPU for an 11 s clip (tiny.en, 2.5 GHz, plain x64 build), since it always computes a 30 s window.
 */
export class WhisperCppAsr implements Asr {
  readonly maxSegmentSeconds = MAX_SEGMENT_SECONDS;
  readonly #context: WhisperContext;
  readonly #threads: number;
  readonly #language: string;
  readonly #queue = new SerialQueue('listen');
  #closing: Promise<void> | undefined;

  private constructor(context: WhisperContext, options: { threads: number; language: string }) {
    this.#context = context;
    this.#threads = options.threads;
    this.#language = options.language;
  }

  /** `language` default "en". `useGpu` default true, which means nothing on a machine without. Throws `model-missing` or `model-corrupt`. */
  static async open(options: {
    modelPath: string;
    threads?: number;
    language?: string;
    useGpu?: boolean;
  }): Promise<WhisperCppAsr> {
    await checkModelFile(options.modelPath);
    const { initWhisper, toggleNativeLog } = await import('@fugood/whisper.node');
    // "On" sends its chatter to listeners, of which there are none; "off" leaves it on stderr.
    await toggleNativeLog(true);
    try {
      const context = await initWhisper({ filePath: options.modelPath, useGpu: options.useGpu ?? true });
      return new WhisperCppAsr(context, { threads: options.threads ?? 1, language: options.language ?? 'en' });
    } catch (cause) {
      throw modelError('model-corrupt', options.modelPath, cause);
    }
  }

  /**
   * Abort gives up the result at once; the computation runs to its end before the next one starts. The binding's own stop() is
   * not used: in 1.1.3 it interrupts nothing, and its promise never settles afterwards.
   */
  async transcribe(pcm: Float32Array, options: AsrOptions = {}): Promise<Transcript> {
    const decoding = this.#queue.run(async () => {
      checkPcm(pcm, 'listen');
      const { promise } = this.#context.transcribeData(toPcm16(pcm), {
        language: this.#language,
        maxThreads: this.#threads,
        temperature: 0,
        temperatureInc: 0,
      });
      const { result } = await promise.catch((cause: unknown) => {
        throw ParleyError.from(cause, 'listen', 'engine-failed');
      });
      return { text: spokenPart(result) };
    }, options.signal);
    return untilAborted(decoding, options.signal, 'listen');
  }

  /** Waits for the running computation, which can take a while without a GPU. Safe twice. */
  close(): Promise<void> {
    this.#closing ??= this.#queue.close().then(() => this.#context.release());
    return this.#closing;
  }
}

/** Whisper writes sounds as "[BLANK_AUDIO]" or "(music)": not speech. */
function spokenPart(result: string): string {
  return result
    .replaceAll(/\[[^\]]*\]|\([^)]*\)/gu, ' ')
    .replaceAll(/\s+/gu, ' ')
    .trim();
}

function toPcm16(pcm: Float32Array): ArrayBuffer {
  const samples = new Int16Array(Math.max(pcm.length, MIN_SAMPLES));
  for (let i = 0; i < pcm.length; i++) samples[i] = Math.max(-1, Math.min(1, pcm[i]!)) * 32767;
  return samples.buffer;
}

async function checkModelFile(path: string): Promise<void> {
  const file = await open(path).catch((cause: unknown) => {
    throw modelError('model-missing', path, cause);
  });
  try {
    const head = Buffer.alloc(4);
    await file.read(head, 0, 4, 0);
    const { size } = await file.stat();
    if (!MAGIC.includes(head.toString('latin1')) || size < MIN_MODEL_BYTES) throw modelError('model-corrupt', path);
  } finally {
    await file.close();
  }
}

function modelError(code: 'model-missing' | 'model-corrupt', path: string, cause?: unknown): ParleyError {
  return new ParleyError({ code, stage: 'listen', message: `Whisper model: ${code}`, detail: basename(path), cause });
}
