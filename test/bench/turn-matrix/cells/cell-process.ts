// One session in a process of its own: node cell-process.ts '<CellRequest as JSON>'. Writes its result to a file, and a line for each clip.
import { writeFile } from 'node:fs/promises';
import { SpokenCache } from '../../clips/spoken-cache.ts';
import type { Cell } from './cell.ts';
import { runCell } from './run-cell.ts';

export interface CellRequest {
  cell: Cell;
  modelsDir: string;
  cacheDir: string;
  audioDir: string | undefined;
  keepFolder: string | undefined;
  resultFile: string;
}

const request = JSON.parse(process.argv[2]!) as CellRequest;
const { cell, modelsDir, cacheDir, audioDir, keepFolder, resultFile } = request;
try {
  const sources = { modelsDir, audioDir, spoken: new SpokenCache({ modelsDir, cacheDir }) };
  const onProgress = (what: string): void => console.log(what);
  const result = await runCell(cell, { sources, cacheDir, keepFolder, onProgress });
  await sources.spoken.close();
  await writeFile(resultFile, JSON.stringify(result));
  process.exit(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
