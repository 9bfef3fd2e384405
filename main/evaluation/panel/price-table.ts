import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { pricesSchema } from '../../contract/evaluation-prices.ts';
import type { EvaluationState } from '../../contract/evaluation.ts';
import shipped from '../prices.json' with { type: 'json' };

export type PriceTable = EvaluationState['prices'];

/** The user's own table where there is one that can be read, else the shipped one. Never throws: what is wrong is in it, in words. */
export async function priceTable(file: string): Promise<PriceTable> {
  const shippedTable = { prices: pricesSchema.parse(shipped).prices, file, isOwn: false, problem: null };
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return shippedTable;
    return { ...shippedTable, problem: 'It cannot be read.' };
  }
  try {
    const parsed = pricesSchema.safeParse(JSON.parse(text));
    if (parsed.success) return { prices: parsed.data.prices, file, isOwn: true, problem: null };
    return { ...shippedTable, problem: z.prettifyError(parsed.error) };
  } catch (cause) {
    return { ...shippedTable, problem: (cause as Error).message };
  }
}
