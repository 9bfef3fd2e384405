import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '../../platform/atomic-file.ts';
import { cellKey, cellName, expectedSeconds, type Cell, type CellRecord } from './cell.ts';
import { runCell, type RunCellOptions } from './run-cell.ts';

/** For whoever shows how far it is. */
export interface BenchProgress {
  type: 'cell-started' | 'turn' | 'cell-done';
  cell: Cell;
  /** Turns of the cell that were said. */
  turns: number;
  done: number;
  total: number;
  /** About, of the whole run. */
  leftSeconds: number;
  /** Of `cell-done`: it was measured before. */
  kept: boolean;
  record: CellRecord | null;
}

export interface RunBenchOptions extends Omit<RunCellOptions, 'key' | 'onTurn' | 'save'> {
  cells: readonly Cell[];
  /** Gets `cells/<name>.json` and `.wav`. Cells that are there whole are not measured again. */
  folder: string;
  /** Whatever else the cells depend on. */
  keyOptions: object;
  onProgress(progress: BenchProgress): void;
}

/** Measures cell after cell, never two at once: they would be slower together. One that fails says so in its record, and the rest goes on. */
export async function runBench(options: RunBenchOptions): Promise<CellRecord[]> {
  const { cells, signal, onProgress } = options;
  const folder = cellsFolder(options.folder);
  await mkdir(folder, { recursive: true });
  const records: CellRecord[] = [];
  let leftSeconds = cells.reduce((sum, cell) => sum + expectedSeconds(cell), 0);
  for (const cell of cells) {
    signal.throwIfAborted();
    const common = { cell, total: cells.length };
    const tell = (type: BenchProgress['type'], turns: number, record: CellRecord | null = null, kept = false): void =>
      onProgress({ ...common, type, turns, done: records.length, leftSeconds: Math.round(leftSeconds), kept, record });
    const key = cellKey(cell, { ...options.keyOptions, seed: options.seed, faults: options.faults });
    const file = join(folder, cellName(cell));
    const before = await keptRecord(`${file}.json`, key);
    if (!before) tell('cell-started', 0);
    const record =
      before ??
      (await runCell(cell, {
        ...options,
        key,
        save: (subject) => Promise.resolve(subject.bus.recording.save(`${file}.wav`)),
        onTurn: (index) => tell('turn', index + 1),
      }));
    if (!before) await writeFileAtomically(`${file}.json`, `${JSON.stringify(record)}\n`);
    records.push(record);
    leftSeconds -= expectedSeconds(cell);
    tell('cell-done', record.turns.length, record, before !== undefined);
  }
  return records;
}

export function cellsFolder(folder: string): string {
  return join(folder, 'cells');
}

/** A cell that failed is tried again. */
async function keptRecord(file: string, key: string): Promise<CellRecord | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const record = JSON.parse(text) as CellRecord;
  return record.key === key && record.error === null ? record : undefined;
}
