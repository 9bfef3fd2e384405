// npm run bench:turns: the turn-taking of the app in simulated rooms, scored from recordings.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { resolvePaths } from '../../../main/platform/paths.ts';
import { missingModels } from '../../fixtures/real-app.ts';
import { SpokenCache } from '../clips/spoken-cache.ts';
import { circumstances } from '../report/circumstances.ts';
import { circumstancesLines } from '../report/print-report.ts';
import { planCells } from './cells/plan.ts';
import { runCells } from './cells/run-cells.ts';
import { HELP, parseMatrixOptions, type MatrixOptions } from './options.ts';
import { prepareAnswers, prepareClips } from './prepare.ts';
import { matrixLines } from './report/print-matrix.ts';

const REPORT_VERSION = 1;
const say = (line: string): void => console.log(line);

async function run({ plan, jobs, resultFolder, jsonFile, keepFolder }: MatrixOptions): Promise<void> {
  const reason = missingModels();
  if (reason !== undefined) throw new Error(`the matrix cannot be measured here: ${reason}`);
  const { env, platform } = process;
  const { modelsDir, cacheDir } = resolvePaths({ platform, env, homeDir: homedir(), workingDir: process.cwd() });
  const audioDir = env['PARLEY_TEST_DATA'] ? join(env['PARLEY_TEST_DATA'], 'audio') : undefined;
  // Before anything of ours is at work: the load average belongs to it.
  const conditions = await circumstances({ modelsDir, endpoint: { url: 'http://127.0.0.1', model: 'fixed words' } });
  for (const line of circumstancesLines(conditions)) say(line);
  if (!audioDir) say('PARLEY_TEST_DATA is not set: recorded commands and noises are left out or replaced by made ones');

  const cells = planCells(plan);
  const folder = resultFolder ?? (await mkdtemp(join(tmpdir(), 'parley-matrix-')));
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  try {
    const sources = { modelsDir, audioDir, spoken: new SpokenCache({ modelsDir, cacheDir }) };
    say('\nspeaking what is not in the cache yet');
    await prepareClips(cells, sources);
    await prepareAnswers({ sources, cacheDir });
    say(`measuring ${cells.length} sessions, ${jobs} side by side`);
    const common = { cells, jobs, modelsDir, cacheDir, audioDir, keepFolder, say };
    const results = await runCells({ ...common, resultFolder: folder, signal: stopping.signal });
    for (const line of matrixLines(results)) say(line);
    if (jsonFile === undefined) return;
    await mkdir(dirname(jsonFile), { recursive: true });
    await writeFile(
      jsonFile,
      `${JSON.stringify({ version: REPORT_VERSION, ...conditions, jobs, results }, undefined, 1)}\n`,
    );
    say(`\nwritten: ${jsonFile}`);
  } finally {
    if (resultFolder === undefined) await rm(folder, { recursive: true, force: true });
  }
}

try {
  const options = parseMatrixOptions(process.argv.slice(2));
  if (options) await run(options);
  else say(HELP);
  process.exit(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
