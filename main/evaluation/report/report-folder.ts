import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { architectureCapabilitiesSchema, architectureChoiceSchema } from '../../contract/architecture.ts';
import { ParleyError } from '../../contract/errors.ts';
import { pricesSchema, type Price } from '../../contract/evaluation-prices.ts';
import { CELL_VERSION, type CellRecord } from '../run/cell.ts';
import { cellsFolder } from '../run/run-bench.ts';
import { scoreCell } from '../scoring/score-cell.ts';
import { ROOM_RATE_HZ } from '../sound/room-sound.ts';
import prices from '../prices.json' with { type: 'json' };
import { buildReport, type ScoredCell } from './build-report.ts';

import { csvReport } from './csv-report.ts';
import { htmlReport } from './html-report.ts';
import { markdownReport } from './markdown-report.ts';
import { reportSchema, type Report } from '../../contract/evaluation-report.ts';
import { readReruns } from './rerun-records.ts';
import { agentChannel, turnWav } from './turn-wav.ts';

const RUN_FILE = 'run.json';
const runSchema = z.object({
  circumstances: z.record(z.string(), z.unknown()),
  architectures: z.array(
    architectureChoiceSchema
      .pick({ id: true, label: true, kind: true, capabilities: true })
      .extend({ capabilities: architectureCapabilitiesSchema.optional() }),
  ),
});
/** What a run knows beside its cells. */
export type RunFacts = z.infer<typeof runSchema>;

export async function writeRunFacts(folder: string, facts: RunFacts): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, RUN_FILE), `${JSON.stringify(facts, undefined, 1)}\n`);
}

/** Copies the cells of other runs (shards) into `folder`; of two of the same name the later stays. Throws `bad-input` for a folder without cells. */
export async function mergeRuns(folders: readonly string[], folder: string): Promise<number> {
  await mkdir(cellsFolder(folder), { recursive: true });
  for (const from of folders) {
    await cp(cellsFolder(from), cellsFolder(folder), { recursive: true }).catch(() => {
      throw bad(`${from} holds no cells of a run`);
    });
    await cp(join(from, RUN_FILE), join(folder, RUN_FILE)).catch(() => {});
  }
  return (await cellFiles(folder)).length;
}

export interface WriteReportOptions {
  at: string;
  /** Default: the shipped ones. */
  prices?: readonly Price[];
  /** Sound inside of the HTML file instead of beside it. */
  embedAudio?: boolean;
}

/** Scores the cells of a run and writes report.json, .html, .csv and .md beside them. Throws `bad-input` when there are none. */
export async function writeReport(folder: string, options: WriteReportOptions): Promise<Report> {
  const { at, embedAudio = false } = options;
  const facts = await readFacts(folder);
  const cells = await readCells(folder);
  const report = buildReport({
    ...{ ...facts, at, cells },
    prices: options.prices ?? pricesSchema.parse(prices).prices,
    reruns: await readReruns(folder),
  });
  const sounds = embedAudio ? await embedded(folder, report) : undefined;
  const page = htmlReport(report, {
    audioUrl: (turn) => sounds?.get(turn) ?? `${turn.audioFile}#t=${turn.fromSeconds.toFixed(2)},${turn.untilSeconds.toFixed(2)}`, // prettier-ignore
  });
  await writeFile(join(folder, 'report.json'), `${JSON.stringify(report, undefined, 1)}\n`);
  await writeFile(join(folder, 'report.html'), page);
  await writeFile(join(folder, 'report.csv'), csvReport(report));
  await writeFile(join(folder, 'report.md'), markdownReport(report));
  return report;
}

/** Throws `bad-input` for what is no report of this version. */
export async function readReport(file: string): Promise<Report> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw bad(`${file}: there is no such file`);
  });
  const parsed = reportSchema.safeParse(asJson(text));
  if (!parsed.success) throw bad(`${file} is no report that this version reads: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** Throws `bad-input`. */
export async function readPrices(file: string): Promise<readonly Price[]> {
  const parsed = pricesSchema.safeParse(asJson(await readFile(file, 'utf8').catch(() => '')));
  if (!parsed.success) throw bad(`${file} is no price file: ${z.prettifyError(parsed.error)}`);
  return parsed.data.prices;
}

async function readCells(folder: string): Promise<ScoredCell[]> {
  const files = await cellFiles(folder);
  if (files.length === 0) throw bad(`${folder} holds no cells of a run`);
  const cells: ScoredCell[] = [];
  // One after the other: a recording is some megabytes, and the scores of one are tens of milliseconds without a pause.
  for (const name of files) cells.push(await readCell(folder, name));
  return cells;
}

async function readCell(folder: string, name: string): Promise<ScoredCell> {
  const record = asJson(await readFile(join(cellsFolder(folder), name), 'utf8')) as CellRecord | undefined;
  if (record?.version !== CELL_VERSION) throw bad(`${name} was written by another version: measure it again`);
  if (record.error !== null || record.turns.length === 0) return { record, turns: [] };
  const audioFile = `cells/${name.replace(/\.json$/, '.wav')}`;
  const samples = agentChannel(await readFile(join(folder, audioFile)));
  return { record, turns: scoreCell(record, { samples, sampleRateHz: ROOM_RATE_HZ }, audioFile) };
}

async function embedded(folder: string, report: Report): Promise<Map<Report['turns'][number], string>> {
  const urls = new Map<Report['turns'][number], string>();
  for (const turn of report.turns) {
    const bytes = turnWav(await readFile(join(folder, turn.audioFile)), turn);
    urls.set(turn, `data:audio/wav;base64,${bytes.toString('base64')}`);
  }
  return urls;
}

async function cellFiles(folder: string): Promise<string[]> {
  const names = await readdir(cellsFolder(folder)).catch(() => []);
  return names.filter((name) => name.endsWith('.json')).toSorted();
}

export async function readFacts(folder: string): Promise<RunFacts> {
  const parsed = runSchema.safeParse(asJson(await readFile(join(folder, RUN_FILE), 'utf8').catch(() => '')));
  return parsed.success ? parsed.data : { circumstances: {}, architectures: [] };
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function bad(message: string): ParleyError {
  return new ParleyError({ code: 'bad-input', stage: 'app', message });
}
