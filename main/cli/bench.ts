import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { openBench } from '../app-evaluation.ts';
import { ForkHost } from '../children/fork-host.ts';
import type { ArchitectureChoice } from '../contract/architecture.ts';
import { engineFiles } from '../engine-files.ts';
import { ParleyError } from '../contract/errors.ts';
import { machineFacts } from '../evaluation/machine-facts.ts';
import { FAULT_NAMES, type FaultName } from '../evaluation/faults/faults.ts';
import { compareTurns } from '../evaluation/report/comparisons.ts';
import { comparisonTable, markdownReport } from '../evaluation/report/markdown-report.ts';
import { mergeRuns, readPrices, readReport, writeReport, writeRunFacts } from '../evaluation/report/report-folder.ts';
import { reportSchema, type Report } from '../contract/evaluation-report.ts';
import { parseThreshold, unmetThresholds, type Threshold } from '../evaluation/report/thresholds.ts';
import { planCells } from '../evaluation/run/cell.ts';
import { runBench, type BenchProgress } from '../evaluation/run/run-bench.ts';
import { loadSuites, shippedSuites } from '../evaluation/scenario/load-suites.ts';
import { suiteSchema } from '../evaluation/scenario/scenario.ts';
import { JsonLogger, logLevelFrom, stderrSink } from '../platform/json-logger.ts';
import { MonotonicClock } from '../platform/monotonic-clock.ts';
import { EnvironmentSecrets } from '../platform/secrets.ts';
import { SettingsFile } from '../platform/settings.ts';
import { UsageError, type CliCommand, type CommandContext, type ExitCode } from './command.ts';
import { ownPaths } from './own-paths.ts';
import type { Terminal } from './terminal.ts';

const HELP = `Usage: parley bench run <suite…|all> [--arch cascade,naive-cascade] [options]
       parley bench merge <folder…> --out <folder>
       parley bench report <folder> [options]
       parley bench compare <A.json> <B.json>
       parley bench suites
       parley bench schema suite|report

  --arch <list>       architectures (default cascade,naive-cascade)
  --repeat <n>        each scenario so often (default 1)
  --out <folder>      cells, recordings and reports; what is there already is not measured again (default ./parley-bench)
  --shard <i/n>       the i-th of n parts, for several machines; put together by merge
  --seed <n>          of the spread of pauses (default 1)
  --fault <list>      breaks stages on purpose: ${FAULT_NAMES.join(', ')}
  --no-words          nobody recognises the agent's words: faster, but no checks of words
  --embed-audio       recordings inside of report.html
  --prices <file>     prices instead of those that are shipped (docs/evaluation.md)
  --require <figure>  such as cascade:v2v-p95<=1200 or pass-rate>=0.9; may be given several times

A suite is one of those that are shipped or a YAML file. Exit code 1: a cell could not be measured, or a --require is not met.`;

export interface BenchPlaces {
  /** Where the children's mains are, see ForkHost. */
  entriesDir: string;
  suitesDir: string;
}

export function benchCommand(places: BenchPlaces): CliCommand {
  return { help: HELP, run: (args, context) => bench(args, { ...context, ...places }) };
}

type BenchContext = CommandContext & BenchPlaces;

async function bench([action, ...rest]: string[], context: BenchContext): Promise<ExitCode> {
  try {
    switch (action) {
      case 'run':
        return await runSuites(rest, context);
      case 'merge':
        return await merge(rest, context);
      case 'report':
        return await report(rest, context);
      case 'compare':
        return await compare(rest, context.terminal);
      case 'suites':
        return await listSuites(context);
      case 'schema':
        return printSchema(rest, context.terminal);
      default:
        throw new UsageError(action === undefined ? 'what should be done?' : `cannot "${action}"`);
    }
  } catch (error) {
    // Files of the user's: what is wrong with them is in the message, with its place.
    if (!(error instanceof ParleyError) || error.code !== 'bad-input') throw error;
    context.terminal.note(error.message);
    return 2;
  }
}

const REPORT_OPTIONS = {
  out: { type: 'string' },
  prices: { type: 'string' },
  'embed-audio': { type: 'boolean', default: false },
  require: { type: 'string', multiple: true, default: [] as string[] },
} as const;

async function runSuites(args: string[], context: BenchContext): Promise<ExitCode> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...REPORT_OPTIONS,
      arch: { type: 'string', default: 'cascade,naive-cascade' },
      repeat: { type: 'string', default: '1' },
      shard: { type: 'string', default: '1/1' },
      seed: { type: 'string', default: '1' },
      fault: { type: 'string', default: '' },
      'no-words': { type: 'boolean', default: false },
    },
  });
  if (positionals.length === 0) throw new UsageError('which suite? "all" runs those that are shipped');
  const thresholds = thresholdsOf(values.require);
  const folder = resolve(values.out ?? 'parley-bench');
  const suites = await loadSuites(positionals, context.suitesDir);
  const cells = planCells({
    suites,
    architectureIds: listed(values.arch),
    repeat: whole('repeat', values.repeat),
    shard: shardOf(values.shard),
  });
  const faults = faultsOf(values.fault);
  const records = await measure(cells, { context, folder, faults, seed: whole('seed', values.seed), recognises: !values['no-words'] }); // prettier-ignore
  const written = await writeReportOf(folder, values);
  context.terminal.out(markdownReport(written));
  context.terminal.note(`written: ${join(folder, 'report.html')}`);
  const exitCode = verdict(written, thresholds, context.terminal);
  return records.some(({ error }) => error !== null) ? 1 : exitCode;
}

async function measure(
  cells: ReturnType<typeof planCells>,
  options: { context: BenchContext; folder: string; faults: FaultName[]; seed: number; recognises: boolean },
) {
  const { context, folder, faults, seed, recognises } = options;
  const clock = new MonotonicClock();
  const paths = ownPaths();
  const logger = new JsonLogger({ sinks: [stderrSink(logLevelFrom(process.env.PARLEY_LOG, 'error'))] });
  const settings = (await SettingsFile.open(paths.settingsFile)).current;
  const childHost = new ForkHost({ entriesDir: context.entriesDir });
  let architectures: ArchitectureChoice[] = [];
  const runId = randomUUID();
  const bench = openBench({
    ...{ clock, logger, paths, secrets: new EnvironmentSecrets(process.env), childHost, settings, faults, runId },
    onArchitectures: ({ choices }) => (architectures = choices),
  });
  const facts = { ...machineFacts(settings), engineFiles: engineFiles(settings, paths) };
  try {
    return await runBench({
      cells,
      folder,
      keyOptions: { engines: facts.engines, engineFiles: facts.engineFiles, recognises },
      openSubject: bench.openSubject,
      speaker: bench.speaker,
      recognise: recognises ? (wire) => bench.recognise(wire) : null,
      seed,
      faults,
      clock,
      stamp: () => new Date().toISOString(),
      signal: context.signal,
      onProgress: (progress) => show(progress, context.terminal),
    });
  } finally {
    await bench.close();
    if (architectures.length > 0) {
      const told = architectures.map(({ id, label, kind, capabilities }) => ({ id, label, kind, capabilities }));
      await writeRunFacts(folder, { circumstances: { ...facts, seed }, architectures: told });
    }
  }
}

function show({ type, cell, turns, done, total, leftSeconds, kept, record }: BenchProgress, terminal: Terminal): void {
  const name = `${cell.suite.suite}/${cell.scenario.id} ${cell.architectureId} (${cell.repetition})`;
  const left = `about ${Math.ceil(leftSeconds / 60)} min left`;
  if (type !== 'cell-done') {
    return terminal.draw(`[${done + 1}/${total}, ${left}] ${name}: turn ${turns} of ${cell.scenario.turns.length}`);
  }
  const outcome = record?.error ? `FAILED: ${record.error.message}` : kept ? 'kept' : `${record?.tookSeconds} s`;
  terminal.note(`[${done}/${total}, ${left}] ${name}: ${outcome}`);
}

async function merge(args: string[], { terminal }: BenchContext): Promise<ExitCode> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: REPORT_OPTIONS });
  if (positionals.length === 0 || !values.out) throw new UsageError('merge takes folders of runs and --out');
  const count = await mergeRuns(positionals.map((each) => resolve(each)), resolve(values.out)); // prettier-ignore
  const written = await writeReportOf(resolve(values.out), values);
  terminal.note(`${count} cells; written: ${join(resolve(values.out), 'report.html')}`);
  return verdict(written, thresholdsOf(values.require), terminal);
}

async function report(args: string[], { terminal }: BenchContext): Promise<ExitCode> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: REPORT_OPTIONS });
  const [folder] = positionals;
  if (folder === undefined) throw new UsageError('report takes the folder of a run');
  const written = await writeReportOf(resolve(folder), values);
  terminal.out(markdownReport(written));
  return verdict(written, thresholdsOf(values.require), terminal);
}

async function compare(args: string[], terminal: Terminal): Promise<ExitCode> {
  const [a, b] = args;
  if (a === undefined || b === undefined) throw new UsageError('compare takes two report.json');
  const [first, second] = [await readReport(a), await readReport(b)];
  const shared = first.architectures.filter(({ id }) => second.architectures.some((each) => each.id === id));
  for (const { id } of shared) {
    const turnsOf = ({ turns }: Report) => turns.filter(({ architectureId }) => architectureId === id);
    terminal.out(`${id}: A is ${a}, B is ${b}`);
    const compared = compareTurns({ name: 'A', turns: turnsOf(first) }, { name: 'B', turns: turnsOf(second) });
    terminal.out(comparisonTable(compared).join('\n'));
  }
  if (shared.length === 0) terminal.note('The reports have no architecture in common.');
  return shared.length === 0 ? 1 : 0;
}

async function listSuites({ terminal, suitesDir }: BenchContext): Promise<ExitCode> {
  const names = [...(await shippedSuites(suitesDir)).keys()];
  for (const { suite, title, scenarios } of await loadSuites(names, suitesDir)) {
    terminal.out(`${suite.padEnd(14)}${title} (${scenarios.length} scenarios)`);
  }
  return 0;
}

function printSchema([what]: string[], terminal: Terminal): ExitCode {
  if (what !== 'suite' && what !== 'report') throw new UsageError('schema takes suite or report');
  const schema = what === 'suite' ? suiteSchema : reportSchema;
  terminal.out(JSON.stringify(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), undefined, 1));
  return 0;
}

async function writeReportOf(
  folder: string,
  values: { prices?: string | undefined; 'embed-audio': boolean },
): Promise<Report> {
  const prices = values.prices === undefined ? {} : { prices: await readPrices(values.prices) };
  return writeReport(folder, { at: new Date().toISOString(), embedAudio: values['embed-audio'], ...prices });
}

function verdict(written: Report, thresholds: readonly Threshold[], terminal: Terminal): ExitCode {
  const unmet = unmetThresholds(written, thresholds);
  for (const each of unmet) terminal.note(`not met: ${each}`);
  return unmet.length > 0 ? 1 : 0;
}

function thresholdsOf(texts: readonly string[]): Threshold[] {
  try {
    return texts.map(parseThreshold);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function faultsOf(list: string): FaultName[] {
  return listed(list).map((name) => {
    const fault = FAULT_NAMES.find((each) => each === name);
    if (!fault) throw new UsageError(`--fault knows ${FAULT_NAMES.join(', ')}, not "${name}"`);
    return fault;
  });
}

function listed(list: string): string[] {
  return list.split(',').map((each) => each.trim()).filter((each) => each !== ''); // prettier-ignore
}

function whole(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new UsageError(`--${option} takes a whole number above 0`);
  return value;
}

function shardOf(text: string): { index: number; count: number } {
  const [index, count] = text.split('/').map(Number);
  if (!index || !count || index > count || index < 1) throw new UsageError('--shard takes i/n, such as 2/4');
  return { index, count };
}
