import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { childEnvironment } from '../../children/child-environment.ts';
import type { Finding } from './finding.ts';

interface Addon {
  name: string;
  use: string;
  /** `addon` is the imported package. Makes it load its native library, where importing alone does not. */
  load?: string;
  /** Parley talks without it. */
  isOptional?: boolean;
}

const ADDONS: Addon[] = [
  { name: 'naudiodon', use: 'sound card', isOptional: true },
  { name: 'onnxruntime-node', use: 'recognition, turns and voice' },
  {
    name: 'node-llama-cpp',
    use: 'language model',
    // It tests its binary in a fork, which would inherit --eval.
    load: 'process.execArgv = []; await (await addon.getLlama({ gpu: false, build: "never", skipDownload: true, logLevel: "error" })).dispose();',
  },
  { name: 'sherpa-onnx-node', use: 'more recognisers and voices', isOptional: true },
  { name: '@fugood/whisper.node', use: 'Whisper', load: 'await addon.loadWhisperModule();', isOptional: true },
];

const LOAD_LIMIT_MS = 30_000;

/** Loads every native addon, each in a process of its own: what aborts there aborts nothing else. */
export async function checkNativeAddons(signal: AbortSignal): Promise<Finding[]> {
  const findings: Finding[] = [];
  // One after the other: five at once would time each other out on a small machine.
  for (const addon of ADDONS) findings.push(await checkAddon(addon, signal));
  return findings;
}

async function checkAddon({ name, use, load = '', isOptional }: Addon, signal: AbortSignal): Promise<Finding> {
  const part = `${name} (${use})`;
  try {
    const script = `const addon = await import(${JSON.stringify(import.meta.resolve(name))}); ${load} process.exit(0);`;
    const options = { env: childEnvironment(process.env), timeout: LOAD_LIMIT_MS, signal };
    await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], options);
    return { part, status: 'ok', detail: 'loads' };
  } catch (error) {
    signal.throwIfAborted();
    return {
      part,
      status: isOptional ? 'warn' : 'fail',
      detail: `does not load: ${reason(error)}`,
      nextStep:
        name === 'naudiodon'
          ? 'npm run setup builds it; until then the browser can be the sound card'
          : 'npm run setup',
    };
  }
}

function reason(error: unknown): string {
  const { killed, signal, stderr, message } = error as Error & { killed?: boolean; signal?: string; stderr?: string };
  if (killed) return `not within ${LOAD_LIMIT_MS / 1000} s`;
  if (signal) return `its process died of ${signal}`;
  const lines = (stderr || message).split('\n').map((line) => line.trim());
  return lines.find((line) => /error/i.test(line)) ?? lines.findLast((line) => line !== '') ?? 'no reason given';
}
