import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import type { Llama, LlamaContextSequence, LlamaModel } from 'node-llama-cpp';
import { ParleyError, type ErrorCode } from '../../contract/errors.ts';

export interface LlamaModelOptions {
  modelPath: string;
  /** Default: all cores but one. Threads = cores collapses as soon as anything else wants to run. */
  threads?: number;
  /** Tokens of prompt and answer together. Default 2048. */
  contextTokens?: number;
  /** Default false: the processor alone. `auto` takes the best of Metal, CUDA and Vulkan that works here. */
  gpu?: 'auto' | false;
}

export interface LoadedLlamaModel {
  model: LlamaModel;
  sequence: LlamaContextSequence;
  /** Tokens that prompt and answer together may have. */
  capacityTokens: number;
  dispose(): Promise<void>;
}

const DEFAULT_CONTEXT_TOKENS = 2048;
/** node-llama-cpp begins to shift the context one token before it is full; that stalls for seconds and must not happen. */
const SPARE_TOKENS = 1;
const MAX_COMPLAINTS = 20;

/**
 * Loads a GGUF file and makes one context with one sequence. Throws `model-missing`, `model-corrupt` (truncated, or not a model),
 * or `engine-failed` (not enough memory, unknown architecture, no llama.cpp for this platform). A flipped byte inside a tensor
 * loads without complaint: the caller checks the file's SHA-256 before.
 */
export async function loadLlamaModel(options: LlamaModelOptions): Promise<LoadedLlamaModel> {
  const threads = options.threads ?? Math.max(1, availableParallelism() - 1);
  await assertIsFile(options.modelPath);
  const { llama, complaints } = await startLlama(options.gpu ?? false);
  complaints.length = 0;
  let model: LlamaModel | undefined;
  try {
    model = await llama.loadModel({ modelPath: options.modelPath });
    const context = await model.createContext({
      contextSize: options.contextTokens ?? DEFAULT_CONTEXT_TOKENS,
      threads,
      // On the processor it gains nothing (2.6 s against 2.5 s for 348 tokens, 60 against 65 tokens/s) and makes an answer
      // depend on how its prompt was cut into batches.
      flashAttention: options.gpu ? 'auto' : false,
      // Models with a sliding window could otherwise not go back to a shorter prefix.
      swaFullCache: true,
    });
    return {
      model,
      sequence: context.getSequence({ contextShift: { strategy: refuseContextShift } }),
      capacityTokens: context.contextSize - SPARE_TOKENS,
      dispose: () => model!.dispose(),
    };
  } catch (cause) {
    await model?.dispose();
    throw loadError(options.modelPath, cause, complaints);
  }
}

async function assertIsFile(modelPath: string): Promise<void> {
  const found = await stat(modelPath).catch((cause: unknown) => {
    throw modelError('model-missing', modelPath, 'The model file cannot be found.', cause);
  });
  if (!found.isFile()) throw modelError('model-missing', modelPath, 'The model path is not a file.');
}

interface StartedLlama {
  llama: Llama;
  /** The last things that llama.cpp has said at level error; cleared before each load. */
  complaints: string[];
}

/**
 * llama.cpp itself, once in a thread: it has one log for the whole process, and cannot be stopped again after a model that failed
 * to load (3.22.1: dispose() never returns). It holds no memory worth mentioning without a model.
 */
const started = new Map<'auto' | false, Promise<StartedLlama>>();

function startLlama(gpu: 'auto' | false): Promise<StartedLlama> {
  const starting = started.get(gpu) ?? startLlamaAnew(gpu);
  started.set(gpu, starting);
  starting.catch(() => started.delete(gpu));
  return starting;
}

async function startLlamaAnew(gpu: 'auto' | false): Promise<StartedLlama> {
  const complaints: string[] = [];
  try {
    forgetOddCi();
    // Imported here, so that a platform without a binary gets a typed error instead of a file that cannot be loaded.
    const { getLlama, LlamaLogLevel } = await import('node-llama-cpp');
    const llama = await getLlama({
      gpu,
      build: 'never',
      skipDownload: true,
      progressLogs: false,
      // Threads are said for each context.
      maxThreads: 0,
      logLevel: LlamaLogLevel.error,
      logger: (_level, message) => {
        if (complaints.push(message) > MAX_COMPLAINTS) complaints.shift();
      },
    });
    return { llama, complaints };
  } catch (cause) {
    const message = 'llama.cpp cannot be started on this platform.';
    throw new ParleyError({ code: 'engine-failed', stage: 'think', message, cause });
  }
}

function loadError(modelPath: string, cause: unknown, complaints: string[]): ParleyError {
  if (complaints.some((text) => text.includes('unknown model architecture'))) {
    return modelError('engine-failed', modelPath, 'This version of llama.cpp does not know the architecture.', cause);
  }
  if (cause instanceof Error && cause.constructor.name === 'InsufficientMemoryError') {
    return modelError('engine-failed', modelPath, 'There is not enough memory for the model.', cause);
  }
  return modelError('model-corrupt', modelPath, 'The model file cannot be loaded.', cause);
}

function modelError(code: ErrorCode, modelPath: string, message: string, cause?: unknown): ParleyError {
  return new ParleyError({ code, stage: 'think', message, detail: basename(modelPath), cause });
}

function refuseContextShift(): never {
  throw new ParleyError({ code: 'prompt-too-long', stage: 'think' });
}

/** node-llama-cpp cannot be loaded where CI is set to anything but a boolean, the empty string included; what it says matters to nobody here. */
function forgetOddCi(): void {
  if (!/^(true|false|0|1)$/i.test(process.env['CI'] ?? 'false')) delete process.env['CI'];
}
