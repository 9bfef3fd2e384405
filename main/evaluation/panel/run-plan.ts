import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ParleyError } from '../../contract/errors.ts';
import { writeFileAtomically } from '../../platform/atomic-file.ts';
import { planCells, type Cell } from '../run/cell.ts';
import { loadSuites } from '../scenario/load-suites.ts';
import { suiteSchema, type Suite } from '../scenario/scenario.ts';

const PLAN_FILE = 'plan.json';

const planSchema = z.object({
  version: z.literal(1),
  /** Begun; ISO 8601. */
  at: z.string(),
  title: z.string(),
  kind: z.enum(['suites', 'utterance']),
  architectureIds: z.array(z.string()),
  repeat: z.number(),
  seed: z.number(),
  /** Ids of shipped suites. */
  suites: z.array(z.string()),
  /** A suite that is there for this run alone; its audio is in the run's folder. */
  own: suiteSchema.nullable(),
  /** Cells. */
  total: z.number(),
});
/** What a run of the window's was asked to do: enough to go on with it after a restart. */
export type RunPlan = z.infer<typeof planSchema>;

/** Throws `disk-full`, `internal`. */
export async function writePlan(folder: string, plan: RunPlan): Promise<void> {
  await writeFileAtomically(join(folder, PLAN_FILE), `${JSON.stringify(plan, undefined, 1)}\n`);
}

/** Null where there is none: the folder is of `parley bench run`. Throws `bad-input` for one that cannot be read. */
export async function readPlan(folder: string): Promise<RunPlan | null> {
  let text: string;
  try {
    text = await readFile(join(folder, PLAN_FILE), 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw ParleyError.from(cause, 'app');
  }
  const parsed = planSchema.safeParse(parsedJson(text));
  if (parsed.success) return parsed.data;
  const message = `${PLAN_FILE} cannot be read: ${z.prettifyError(parsed.error)}`;
  throw new ParleyError({ code: 'bad-input', stage: 'app', message, detail: PLAN_FILE });
}

/** Throws `bad-input` when a shipped suite is gone or cannot be read. */
export async function suitesOf(plan: RunPlan, folder: string, suitesDir: string): Promise<Suite[]> {
  return plan.own ? [{ ...plan.own, folder }] : loadSuites(plan.suites, suitesDir);
}

export function cellsOf(plan: Pick<RunPlan, 'architectureIds' | 'repeat'>, suites: readonly Suite[]): Cell[] {
  const { architectureIds, repeat } = plan;
  return planCells({ suites, architectureIds, repeat, shard: { index: 1, count: 1 } });
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
