// npm run bench: the app as a separate process between a virtual microphone and a virtual loudspeaker, scored from the recording.
import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { MonotonicClock } from '../../main/platform/monotonic-clock.ts';
import { JsonLogger, stderrSink } from '../../main/platform/json-logger.ts';
import { OrderlyShutdown } from '../../main/platform/orderly-shutdown.ts';
import { resolvePaths } from '../../main/platform/paths.ts';
import { onStopSignals } from '../../main/platform/stop-signals.ts';
import { pulseMissing, startPulse } from '../fixtures/pulse.ts';
import { missingModels } from '../fixtures/real-app.ts';
import { ClipSets } from './clips/clip-sets.ts';
import { measureColdStart } from './measures/cold-start.ts';
import { measureFastCascade } from './measures/fast-cascade.ts';
import { measureIdle } from './measures/idle.ts';
import type { Bench } from './measures/measure.ts';
import { measureBarge, measureHold } from './measures/overlaps.ts';
import { measureTurns } from './measures/turns.ts';
import { HELP, parseOptions, type BenchOptions } from './options.ts';
import { productMain } from './product/product-process.ts';
import { circumstances } from './report/circumstances.ts';
import { DEFINITIONS } from './report/definitions.ts';
import { KeptSessions } from './report/kept-sessions.ts';
import { circumstancesLines, resultLines, type Results } from './report/print-report.ts';
import { playRoomTone } from './session/room-tone.ts';

const REPORT_VERSION = 1;
const STOPPED_EXIT_CODE = 130;
const CLOSE_BUDGET_MS = 20_000;

const say = (line: string): void => console.log(line);

async function run(options: BenchOptions): Promise<void> {
  const reason = missingModels() ?? pulseMissing();
  if (reason !== undefined) throw new Error(`the bench cannot run here: ${reason}`);
  const { env, platform } = process;
  const { modelsDir, cacheDir } = resolvePaths({ platform, env, homeDir: homedir(), workingDir: process.cwd() });
  const mainFile = productMain(options.form);
  // Before anything of ours is at work: the load average belongs to it.
  const conditions = await circumstances({ modelsDir, endpoint: options.endpoint });
  for (const line of circumstancesLines(conditions)) say(line);
  say(`app: ${options.form}${options.isQuick ? '; quick: shows that everything works, no figures to quote' : ''}`);

  const clock = new MonotonicClock();
  const shutdown = new OrderlyShutdown({
    clock,
    logger: new JsonLogger({ sinks: [stderrSink('warn')] }),
    budgetMs: CLOSE_BUDGET_MS,
  });
  onStopSignals({
    clock,
    process,
    onStop: () => void shutdown.run().then(() => process.exit(STOPPED_EXIT_CODE)),
    onForce: () => process.exit(STOPPED_EXIT_CODE),
  });
  try {
    const pulse = await startPulse();
    shutdown.add('sound server', () => pulse.close());
    shutdown.add('room tone', playRoomTone(pulse));
    const clips = new ClipSets({ modelsDir, cacheDir, audioDir: testAudio(env) });
    const results = await measure(options, {
      pulse,
      mainFile,
      modelsDir,
      clips,
      settings: { endpoint: options.endpoint },
      kept: new KeptSessions(options.keepFolder),
      isQuick: options.isQuick,
      maxTurns: options.maxTurns,
      ownWords: options.ownWords,
      say,
      keepTrack: trackedBy(shutdown),
    });
    for (const line of resultLines(results, options.measures)) say(line);
    if (options.jsonFile) await writeJson(options.jsonFile, { options, conditions, results });
  } finally {
    await shutdown.run();
  }
}

async function measure({ measures }: BenchOptions, bench: Bench): Promise<Results> {
  const results: Results = {};
  say('\nmeasuring');
  if (measures.has('cold')) results.cold = await measureColdStart(bench);
  if (measures.has('idle')) results.idle = await measureIdle(bench);
  if (measures.has('v2v') || measures.has('partials')) results.turns = await measureTurns(bench);
  if (measures.has('barge')) results.barge = await measureBarge(bench);
  if (measures.has('hold')) results.hold = await measureHold(bench);
  if (measures.has('cascade')) results.cascade = await measureFastCascade(bench);
  return results;
}

/** What is open now is closed when the bench is stopped; what has been closed already is not closed again. */
function trackedBy(shutdown: OrderlyShutdown): Bench['keepTrack'] {
  return (close) => {
    let isOpen = true;
    shutdown.add('a run of the app', async () => {
      if (isOpen) await close();
    });
    return () => {
      isOpen = false;
    };
  };
}

function testAudio({ PARLEY_TEST_DATA: folder }: NodeJS.ProcessEnv): string | undefined {
  return folder ? join(folder, 'audio') : undefined;
}

async function writeJson(
  file: string,
  { options, conditions, results }: { options: BenchOptions; conditions: object; results: Results },
): Promise<void> {
  const { measures, ...rest } = options;
  const report = {
    version: REPORT_VERSION,
    ...conditions,
    options: { ...rest, measures: [...measures] },
    definitions: DEFINITIONS,
    results,
  };
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(report, undefined, 1)}\n`);
  say(`\nwritten: ${file}`);
}

try {
  const options = parseOptions(process.argv.slice(2));
  if (options) await run(options);
  else say(HELP);
  process.exit(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
