// npm run bench:peers: Parley and Pipecat's pipeline, spoken to with the same clips through the same virtual sound devices.
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { JsonLogger, stderrSink } from '../../../main/platform/json-logger.ts';
import { MonotonicClock } from '../../../main/platform/monotonic-clock.ts';
import { resolveModel } from '../../../main/platform/models/resolve-model.ts';
import { OrderlyShutdown } from '../../../main/platform/orderly-shutdown.ts';
import { resolvePaths } from '../../../main/platform/paths.ts';
import { onStopSignals } from '../../../main/platform/stop-signals.ts';
import { pulseMissing, startPulse } from '../../fixtures/pulse.ts';
import { missingModels } from '../../fixtures/real-app.ts';
import { ClipSets } from '../clips/clip-sets.ts';
import { productMain } from '../product/product-process.ts';
import { circumstances } from '../report/circumstances.ts';
import { circumstancesLines } from '../report/print-report.ts';
import { playRoomTone } from '../session/room-tone.ts';
import { HELP, parsePeersOptions, type PeersOptions } from './options.ts';
import { preparePython } from './pipecat/python-environment.ts';
import { pipecatFacts } from './pipecat/pipecat-facts.ts';
import { rowSize } from './plan.ts';
import { summaryLines } from './report/print-summary.ts';
import { summarise } from './report/summary.ts';
import { runRows, sayAndLog } from './run-rows.ts';

const REPORT_VERSION = 1;
const STOPPED_EXIT_CODE = 130;
const CLOSE_BUDGET_MS = 20_000;
const VOICE = 'piper-joe-medium';

async function run(options: PeersOptions): Promise<void> {
  const { env, platform } = process;
  const { modelsDir, cacheDir } = resolvePaths({ platform, env, homeDir: homedir(), workingDir: process.cwd() });
  const reason = missingModels() ?? pulseMissing() ?? missingVoice(modelsDir);
  if (reason !== undefined) throw new Error(`the head-to-head cannot run here: ${reason}`);
  const mainFile = productMain(options.form);
  const outFolder = options.outFolder ?? (await mkdtemp(join(tmpdir(), 'parley-peers-')));
  await mkdir(outFolder, { recursive: true });
  const say = sayAndLog(outFolder);
  const python = await preparePython({ cacheDir, say });
  // Before anything of ours is at work: the load average belongs to it.
  const conditions = await circumstances({ modelsDir, endpoint: null });
  const pipecat = await pipecatFacts({ python, modelsDir });
  for (const line of circumstancesLines(conditions)) say(line);
  for (const [name, fact] of Object.entries(pipecat)) say(`pipecat: ${name} ${fact}`);
  say(`results: ${outFolder}${options.isQuick ? '; quick: shows that everything works, no figures to quote' : ''}`);

  const clock = new MonotonicClock();
  const logger = new JsonLogger({ sinks: [stderrSink('warn')] });
  const shutdown = new OrderlyShutdown({ clock, logger, budgetMs: CLOSE_BUDGET_MS });
  const leave = (): never => process.exit(STOPPED_EXIT_CODE);
  onStopSignals({ clock, process, onStop: () => void shutdown.run().then(leave), onForce: leave });
  try {
    const audioDir = env['PARLEY_TEST_DATA'] && join(env['PARLEY_TEST_DATA'], 'audio');
    if (!audioDir) say('PARLEY_TEST_DATA is not set: recorded commands are left out');
    const sets = new ClipSets({ modelsDir, cacheDir, audioDir: audioDir || undefined });
    const sizes = options.rows.map((row) => rowSize(row, options));
    const turns = await sets.turns(Math.max(...sizes.map((size) => size.turns)));
    const interruptions = await sets.interruptions(Math.max(...sizes.map((size) => size.interruptions)));
    await sets.close();
    const pulse = await startPulse();
    shutdown.add('sound server', () => pulse.close());
    shutdown.add('room tone', playRoomTone(pulse));
    const keepTrack = (close: () => Promise<void>): (() => void) => {
      let isOpen = true;
      shutdown.add('a session', async () => (isOpen ? close() : undefined));
      return () => (isOpen = false);
    };
    const common = { ...options, pulse, mainFile, python, modelsDir, turns, interruptions, outFolder };
    const { results, failures } = await runRows({ ...common, keepTrack, say });
    const rows = summarise(results);
    const report = {
      version: REPORT_VERSION,
      ...conditions,
      pipecat,
      isQuick: options.isQuick,
      rows,
      failures,
      results,
    };
    await writeFile(join(outFolder, 'peers.json'), `${JSON.stringify(report, undefined, 1)}\n`);
    for (const line of summaryLines(rows)) say(line);
    for (const failure of failures) say(`\nleft out, failed: ${failure}`);
    say(`\nwritten: ${join(outFolder, 'peers.json')}`);
    if (failures.length > 0) process.exitCode = 1;
  } finally {
    await shutdown.run();
  }
}

function missingVoice(modelsDir: string): string | undefined {
  try {
    resolveModel(VOICE, { modelsDir });
    return undefined;
  } catch {
    return `the voice that both products use is not installed: npx parley models install ${VOICE}`;
  }
}

try {
  const options = parsePeersOptions(process.argv.slice(2));
  if (options) await run(options);
  else console.log(HELP);
  process.exit();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
