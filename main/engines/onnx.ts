import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { ParleyError, type Stage } from '../contract/errors.ts';

type OnnxRuntime = typeof import('onnxruntime-node');
export type InferenceSession = import('onnxruntime-node').InferenceSession;
type TensorInstance = import('onnxruntime-node').Tensor;

// onnxruntime-node >= 1.30 sends telemetry unless this is in the process's environment before the library loads. A worker
// thread only has a copy of the environment, so setting it there would change nothing that native code can see.
if (isMainThread) process.env['ORT_DISABLE_TELEMETRY'] = '1';
else if (process.env['ORT_DISABLE_TELEMETRY'] !== '1') {
  throw new ParleyError({
    code: 'internal',
    stage: 'models',
    message: 'ORT_DISABLE_TELEMETRY=1 must be set in the process before a worker thread loads ONNX Runtime',
  });
}
// Not an import: imports are evaluated before the lines above, and a bundler moves external ones to the top.
const onnxRuntime = createRequire(import.meta.url)('onnxruntime-node') as OnnxRuntime;

/** The only door to ONNX Runtime's tensors, so that nothing loads the library without the guard above. */
export const Tensor = onnxRuntime.Tensor;
export type Tensor = TensorInstance;

export interface OnnxSessionOptions {
  /** Threads inside one operator; explicit because the default (all cores) makes engines fight. */
  threads: number;
  /** The stage that is blamed in errors. */
  stage: Stage;
  /** Reuses memory between runs. Default true. */
  enableCpuMemArena?: boolean;
}

/**
 * Opens an ONNX (.onnx) or ORT-format (.ort) model on the CPU. Throws `model-missing` when there is no such file and
 * `model-corrupt` when it is no model; `detail` names the file without its folder.
 */
export async function openOnnxSession(path: string, options: OnnxSessionOptions): Promise<InferenceSession> {
  checkModelFile(path, options.stage);
  try {
    return await onnxRuntime.InferenceSession.create(path, {
      executionProviders: ['cpu'],
      intraOpNumThreads: options.threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      enableCpuMemArena: options.enableCpuMemArena ?? true,
      logSeverityLevel: 4,
    });
  } catch (cause) {
    throw new ParleyError({
      code: 'model-corrupt',
      stage: options.stage,
      message: 'ONNX Runtime does not open the model file',
      detail: basename(path),
      cause,
    });
  }
}

/** The first bytes tell a model from an error page or a file of zeros before native code sees it. */
function checkModelFile(path: string, stage: Stage): void {
  const detail = basename(path);
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (cause) {
    throw new ParleyError({ code: 'model-missing', stage, message: 'a model file is not there', detail, cause });
  }
  try {
    const head = Buffer.alloc(8);
    const whole = fstatSync(descriptor).isFile() && readSync(descriptor, head, 0, 8, 0) === 8;
    if (!whole || !hasModelHead(path, head)) {
      throw new ParleyError({
        code: 'model-corrupt',
        stage,
        message: 'a model file has the wrong first bytes',
        detail,
      });
    }
  } finally {
    closeSync(descriptor);
  }
}

/** ORT files are flatbuffers with the identifier ORTM; ONNX files are protobufs whose first field is the IR version (tag 8). */
function hasModelHead(path: string, head: Buffer): boolean {
  return path.endsWith('.ort') ? head.toString('latin1', 4, 8) === 'ORTM' : head[0] === 8;
}
