import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ParleyError } from '../../contract/errors.ts';
import type { TurnAddress } from '../../contract/evaluation-turn.ts';
import { CELL_VERSION, type CellRecord } from '../run/cell.ts';
import { cellsFolder } from '../run/run-bench.ts';
import { loadSuites } from '../scenario/load-suites.ts';
import { SUITE_VERSION, type Suite } from '../scenario/scenario.ts';
import { readPlan } from './run-plan.ts';

/** A turn of a run as it was measured, and the suite that it is of. Throws `bad-input` when it, or audio of its user's, is not there. */
export async function measuredTurn(
  folder: string,
  { turnId, architectureId, repetition }: TurnAddress,
  suitesDir: string,
): Promise<{ record: CellRecord; turnIndex: number; suite: Suite }> {
  const [, suiteId, scenarioId, index] = /^([a-z0-9-]+)\/([a-z0-9-]+)\/(\d+)$/.exec(turnId) ?? [];
  if (suiteId === undefined || !/^[A-Za-z0-9._-]+$/.test(architectureId)) throw bad('no such turn', turnId);
  const file = join(cellsFolder(folder), `${suiteId}.${scenarioId}.${architectureId}.${repetition}.json`);
  const record = await readFile(file, 'utf8').then(
    (text) => JSON.parse(text) as CellRecord,
    () => null,
  );
  const turnIndex = Number(index);
  if (record?.version !== CELL_VERSION || !record.turns[turnIndex]) throw bad('no such turn', turnId);
  return { record, turnIndex, suite: await suiteOf(record, folder, suitesDir) };
}

/** The scenario is kept with the cell; voice and audio files come from the suite, if it is still there. */
async function suiteOf({ suite: id, scenario }: CellRecord, folder: string, suitesDir: string): Promise<Suite> {
  const plan = await readPlan(folder);
  if (plan?.own) return { ...plan.own, folder };
  const [suite] = await loadSuites([id], suitesDir).catch(() => []);
  if (suite) return suite;
  if (scenario.turns.some(({ audio }) => audio !== undefined)) throw bad('the suite with its audio is gone', id);
  return { version: SUITE_VERSION, suite: id, title: id, about: id, scenarios: [scenario], folder };
}

function bad(message: string, detail: string): ParleyError {
  return new ParleyError({ code: 'bad-input', stage: 'app', message, detail });
}
