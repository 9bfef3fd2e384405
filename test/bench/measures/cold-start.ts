import { BenchData } from '../product/bench-data.ts';
import { ProductProcess } from '../product/product-process.ts';
import { statisticsOf, type Statistics } from '../../../main/evaluation/scoring/statistics.ts';
import type { Bench } from './measure.ts';

export interface ColdStartResult {
  /** With nothing kept from earlier runs (prompt states, converted voices). */
  firstEverMs: number;
  /** The starts after that. */
  laterMs: Statistics;
}

const STARTS = { full: 7, quick: 2 };

/** From the start of the process to "Parley is listening", several times on the same data folder. */
export async function measureColdStart(bench: Bench): Promise<ColdStartResult> {
  const { pulse, mainFile, modelsDir, settings } = bench;
  const data = await BenchData.create({ modelsDir, settings });
  const startsMs: number[] = [];
  try {
    for (let i = 0; i < (bench.isQuick ? STARTS.quick : STARTS.full); i++) {
      const product = await ProductProcess.start({ mainFile, dataDir: data.dataDir, env: pulse.env });
      const closed = bench.keepTrack(() => product.stop());
      startsMs.push(product.coldStartMs);
      bench.say(`  start ${i + 1}: ${Math.round(product.coldStartMs)} ms`);
      await product.stop();
      closed();
    }
  } finally {
    await data.remove();
  }
  return { firstEverMs: startsMs[0]!, laterMs: statisticsOf(startsMs.slice(1)) };
}
