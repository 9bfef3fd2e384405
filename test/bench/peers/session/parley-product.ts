import { readFile } from 'node:fs/promises';
import { setTimeout as passed } from 'node:timers/promises';
import type { Settings } from '../../../../main/platform/settings.ts';
import { answerLineAt } from '../../../../main/evaluation/scoring/own-account.ts';
import { cpuBetween, ProcessMeter, total } from '../../process/process-meter.ts';
import { BenchData } from '../../product/bench-data.ts';
import { ProductProcess } from '../../product/product-process.ts';
import { WindowClient } from '../../product/window-client.ts';
import type { PeerProduct } from './peer-product.ts';

const CALM_LOOK_MS = 3000;
/** Of one core: above what listening needs. */
const CALM_SHARE = 0.25;
const CALM_LOOKS = 40;

export interface ParleyOptions {
  mainFile: string;
  data: BenchData;
  env: Readonly<Record<string, string>>;
}

/** This app, as npm start runs it, on a data folder of the bench. */
export async function startParley({ mainFile, data, env }: ParleyOptions): Promise<PeerProduct> {
  const product = await ProductProcess.start({ mainFile, dataDir: data.dataDir, env });
  try {
    return productOf({ product, client: await WindowClient.connect(product.url), data });
  } catch (cause) {
    await product.stop();
    throw cause;
  }
}

/**
 * A data folder on which Parley has run once, as on any day after the first: the voice is converted and the fixed replies are rendered (it goes on with
 * that after it listens; over when it is hardly busy any more).
 */
export async function usedParleyData(options: {
  mainFile: string;
  modelsDir: string;
  settings: Partial<Settings>;
  env: Readonly<Record<string, string>>;
}): Promise<{ data: BenchData; firstStartMs: number }> {
  const { mainFile, modelsDir, settings, env } = options;
  const data = await BenchData.create({ modelsDir, settings });
  try {
    const product = await ProductProcess.start({ mainFile, dataDir: data.dataDir, env });
    try {
      await calm(new ProcessMeter(product.pid));
    } finally {
      await product.stop();
    }
    return { data, firstStartMs: product.coldStartMs };
  } catch (cause) {
    await data.remove();
    throw cause;
  }
}

async function calm(meter: ProcessMeter): Promise<void> {
  let before = meter.look();
  for (let looks = 0; looks < CALM_LOOKS; looks++) {
    await passed(CALM_LOOK_MS);
    const after = meter.look();
    if (total(cpuBetween(before, after)) * 1000 < CALM_SHARE * CALM_LOOK_MS) return;
    before = after;
  }
}

function productOf(parts: { product: ProductProcess; client: WindowClient; data: BenchData }): PeerProduct {
  const { product, client, data } = parts;
  return {
    pid: product.pid,
    coldStartMs: product.coldStartMs,
    get isRunning() {
      return product.isRunning;
    },
    client,
    turnEndsMs: () => turnEndsOf(client),
    answeredBy: ({ sample, sampleRateHz, positionAt }) =>
      answerLineAt({ seen: client.agentLines, positionAt, sampleRateHz, onsetSample: sample })?.answeredBy ?? null,
    log: () => readFile(data.logFile, 'utf8').catch(() => ''),
    stop: async () => {
      client.close();
      await product.stop();
    },
  };
}

/** The moments in which a user's line became final. */
function turnEndsOf({ userLines }: WindowClient): number[] {
  const ended = new Set<string>();
  return userLines.flatMap(({ atMs, line }) => {
    if (line.status !== 'final' || line.source !== 'voice' || line.text === '' || ended.has(line.id)) return [];
    ended.add(line.id);
    return [atMs];
  });
}
