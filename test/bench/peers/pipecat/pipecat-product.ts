import { join } from 'node:path';
import { StartedProcess } from '../session/started-process.ts';
import type { PeerProduct } from '../session/peer-product.ts';
import { botEvent, monotonicOffsetMs } from './bot-log.ts';

const BOT = join(import.meta.dirname, 'bot.py');
const START_LIMIT_MS = 120_000;

export interface PipecatOptions {
  python: string;
  modelServerUrl: string;
  modelsDir: string;
  env: Readonly<Record<string, string>>;
}

/** Pipecat's pipeline, on the weights that Parley has installed. */
export async function startPipecat(options: PipecatOptions): Promise<PeerProduct> {
  const { python, modelServerUrl, modelsDir, env } = options;
  const lines: string[] = [];
  const args = [
    [BOT, '--model-server', modelServerUrl, '--moonshine', join(modelsDir, 'moonshine-tiny-en')],
    ['--voices', join(modelsDir, 'piper-joe-medium'), '--voice', 'en_US-joe-medium'],
  ].flat();
  const started = await StartedProcess.start({
    name: 'Pipecat',
    command: python,
    args,
    env,
    ready: /^\{"event": "listening"/,
    limitMs: START_LIMIT_MS,
    onLine: (line) => lines.push(line),
  });
  const offsetMs = monotonicOffsetMs();
  return {
    pid: started.pid,
    coldStartMs: started.startMs,
    get isRunning() {
      return started.isRunning;
    },
    turnEndsMs: () =>
      lines.flatMap((line) => {
        const told = botEvent(line);
        return told?.event === 'turn-end' ? [told.at * 1000 - offsetMs] : [];
      }),
    answeredBy: () => null,
    log: () => Promise.resolve(lines.join('\n')),
    stop: () => started.stop(),
  };
}
