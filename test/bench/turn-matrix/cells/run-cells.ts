import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { cellName, expectedSeconds, type Cell, type CellResult } from './cell.ts';
import type { CellRequest } from './cell-process.ts';

export interface RunCellsOptions {
  cells: readonly Cell[];
  /** Sessions side by side. */
  jobs: number;
  modelsDir: string;
  cacheDir: string;
  audioDir: string | undefined;
  /** One result file for each cell; those that are there already are not measured again. */
  resultFolder: string;
  keepFolder: string | undefined;
  say(line: string): void;
  signal: AbortSignal;
}

const PROCESS = join(import.meta.dirname, 'cell-process.ts');
/** A session that takes so much longer than expected has hung. */
const LIMIT_FACTOR = 3;
const LIMIT_EXTRA_SECONDS = 60;

/** Runs the sessions, the longest first. One that fails is reported in its result, and the rest goes on. */
export async function runCells(options: RunCellsOptions): Promise<CellResult[]> {
  await mkdir(options.resultFolder, { recursive: true });
  const waiting = options.cells.toSorted((a, b) => expectedSeconds(b) - expectedSeconds(a));
  const results: CellResult[] = [];
  let leftSeconds = waiting.reduce((sum, cell) => sum + expectedSeconds(cell), 0);
  const work = async (): Promise<void> => {
    for (let cell = waiting.shift(); cell && !options.signal.aborted; cell = waiting.shift()) {
      const result = (await keptResult(cell, options)) ?? (await measured(cell, options));
      results.push(result);
      leftSeconds -= expectedSeconds(cell);
      const left = Math.ceil(leftSeconds / options.jobs / 60);
      const outcome = result.error === undefined ? `${result.tookSeconds} s` : `FAILED: ${result.error}`;
      options.say(
        `  [${results.length}/${options.cells.length}, about ${left} min left] ${cellName(cell)}: ${outcome}`,
      );
    }
  };
  await Promise.all(Array.from({ length: options.jobs }, work));
  return results;
}

async function keptResult(cell: Cell, options: RunCellsOptions): Promise<CellResult | undefined> {
  const text = await readFile(resultFile(cell, options), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const result = JSON.parse(text) as CellResult;
  return JSON.stringify(result.cell) === JSON.stringify(cell) ? result : undefined;
}

async function measured(cell: Cell, options: RunCellsOptions): Promise<CellResult> {
  const { modelsDir, cacheDir, audioDir, keepFolder, signal } = options;
  const file = resultFile(cell, options);
  const request: CellRequest = { cell, modelsDir, cacheDir, audioDir, keepFolder, resultFile: file };
  const child = spawn(process.execPath, [PROCESS, JSON.stringify(request)], { stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', stop);
  const limit = setTimeout(stop, (expectedSeconds(cell) * LIMIT_FACTOR + LIMIT_EXTRA_SECONDS) * 1000);
  const words: string[] = [];
  createInterface(child.stderr).on('line', (line) => words.push(line));
  child.stdout.resume();
  const [code, killed] = (await once(child, 'close')) as [number | null, string | null];
  clearTimeout(limit);
  signal.removeEventListener('abort', stop);
  const result = code === 0 ? await keptResult(cell, options) : undefined;
  return result ?? { cell, tookSeconds: 0, error: words.at(-1) ?? `ended with ${killed ?? code}` };
}

function resultFile(cell: Cell, { resultFolder }: RunCellsOptions): string {
  return join(resultFolder, `${cellName(cell)}.json`);
}
