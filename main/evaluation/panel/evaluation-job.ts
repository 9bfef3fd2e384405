import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArchitectureState } from '../../contract/architecture.ts';
import type { Rerun } from '../../contract/evaluation-report.ts';
import type { EvaluationRun } from '../../contract/evaluation.ts';
import type { Settings } from '../../platform/settings.ts';
import type { Clock } from '../../ports/clock.ts';
import { FAULT_NAMES } from '../faults/faults.ts';
import { machineFacts } from '../machine-facts.ts';
import { readFacts, writeReport, writeRunFacts } from '../report/report-folder.ts';
import { rerunsFolder, writeRerun } from '../report/rerun-records.ts';
import { expectedSeconds, type Cell, type CellRecord } from '../run/cell.ts';
import { ReplacedStages } from '../run/replaced-stages.ts';
import { cellsFolder, runBench, type BenchProgress } from '../run/run-bench.ts';
import { runCell } from '../run/run-cell.ts';
import type { Suite } from '../scenario/scenario.ts';
import type { Bench, BenchOptions } from './evaluation-parts.ts';
import type { PriceTable } from './price-table.ts';

/** What every job of the window's is done with. */
export interface JobOptions {
  /** Of the run. */
  folder: string;
  openBench(options: Pick<BenchOptions, 'settings' | 'faults' | 'onArchitectures'>): Bench;
  settings: Readonly<Settings>;
  /** Of those settings. */
  engineFiles: unknown;
  clock: Clock;
  /** Wall-clock time as ISO 8601. */
  stamp(): string;
  prices(): Promise<PriceTable>;
  /** The user has had enough: what has been measured is put into the report. */
  signal: AbortSignal;
  /** The app ends: nothing more is written. */
  closing: AbortSignal;
  tell(change: Partial<EvaluationRun>): void;
}

/** Measures all cells of a run that are not there yet, and writes its report. Resolves also when it was stopped. */
export async function measureRun(cells: readonly Cell[], seed: number, options: JobOptions): Promise<CellRecord[]> {
  const { folder, signal, settings, engineFiles, clock, tell } = options;
  const facts = machineFacts(settings);
  const circumstances = { ...facts, engineFiles, seed };
  let told = false;
  const onArchitectures = ({ choices }: ArchitectureState): void => {
    if (told) return;
    told = true;
    // At once: a run that is interrupted has its circumstances. What cannot be written now fails with the next cell.
    const architectures = choices.map(({ id, label, kind, capabilities }) => ({ id, label, kind, capabilities }));
    void writeRunFacts(folder, { circumstances, architectures }).catch(() => {});
  };
  const bench = options.openBench({ settings, onArchitectures });
  let records: CellRecord[] = [];
  try {
    records = await runBench({
      ...{ cells, folder, seed, clock, signal, stamp: options.stamp, faults: [] },
      keyOptions: { engines: facts.engines, engineFiles, recognises: true },
      openSubject: bench.openSubject,
      speaker: bench.speaker,
      recognise: (wire) => bench.recognise(wire),
      onProgress: (progress) => tell(shown(progress)),
    });
  } catch (cause) {
    if (!signal.aborted) {
      // What has been measured before is worth a report, if there is room for one.
      await reportOn(options).catch(() => {});
      throw cause;
    }
  } finally {
    await bench.close();
  }
  await reportOn(options);
  return records;
}

export interface RerunRequest {
  rerun: Omit<Rerun, 'turn' | 'error'>;
  /** As it was measured. */
  record: CellRecord;
  turnIndex: number;
  suite: Suite;
}

/** Plays the scenario up to the turn once more, with its stages replaced there. Resolves also when it was stopped: then nothing is kept. */
export async function rerunTurn(request: RerunRequest, options: JobOptions): Promise<CellRecord | null> {
  const { rerun, record, turnIndex, suite } = request;
  const { folder, signal, settings, clock, tell } = options;
  const scenario = { ...record.scenario, turns: record.scenario.turns.slice(0, turnIndex + 1) };
  const { architectureId, repetition } = rerun;
  const cell: Cell = { suite, scenario, architectureId, repetition };
  const current = { suite: suite.suite, scenario: scenario.id, title: scenario.title, architectureId, repetition, turns: scenario.turns.length }; // prettier-ignore
  tell({ current: { ...current, turn: 0 }, leftSeconds: expectedSeconds(cell) });
  await mkdir(rerunsFolder(folder), { recursive: true });
  // A run with stages broken on purpose is run again as it was.
  const faults = FAULT_NAMES.filter((name) => record.faults.includes(name));
  const bench = options.openBench({ settings, faults });
  try {
    const measured = await runCell(cell, {
      ...{ key: record.key, seed: record.seed, faults, clock, signal, stamp: options.stamp },
      openSubject: bench.openSubject,
      speaker: bench.speaker,
      recognise: (wire) => bench.recognise(wire),
      replaced: new ReplacedStages(turnIndex, rerun.replaced),
      save: (subject) => Promise.resolve(subject.bus.recording.save(join(rerunsFolder(folder), `${rerun.id}.wav`))),
      onTurn: (index) => tell({ phase: 'measuring', current: { ...current, turn: index + 1 } }),
    });
    await writeRerun(folder, { rerun, record: measured });
    await reportOn(options);
    return measured;
  } catch (cause) {
    if (!signal.aborted) throw cause;
    return null;
  } finally {
    await bench.close();
  }
}

/** Nothing to report on is no failure. */
async function reportOn({ folder, stamp, prices, closing, tell }: JobOptions): Promise<void> {
  if (closing.aborted) return;
  tell({ phase: 'reporting', current: null, leftSeconds: 0 });
  const cells = await readdir(cellsFolder(folder)).catch(() => []);
  if (!cells.some((name) => name.endsWith('.json'))) return;
  await writeReport(folder, { at: stamp(), prices: (await prices()).prices });
}

/** Of a run's architecture; null where that is not known. */
export async function kindOf(folder: string, architectureId: string) {
  const { architectures } = await readFacts(folder);
  return architectures.find(({ id }) => id === architectureId)?.kind ?? null;
}

function shown({ type, cell, turns, done, total, leftSeconds }: BenchProgress): Partial<EvaluationRun> {
  const { suite, scenario, architectureId, repetition } = cell;
  const current = { suite: suite.suite, scenario: scenario.id, title: scenario.title, architectureId, repetition, turn: turns, turns: scenario.turns.length }; // prettier-ignore
  if (type === 'cell-done') return { phase: 'preparing', current: null, done, total, leftSeconds };
  return { phase: turns === 0 ? 'preparing' : 'measuring', current, done, total, leftSeconds };
}
