import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Settings } from '../../../main/platform/settings.ts';
import { resolveModel } from '../../../main/platform/models/resolve-model.ts';
import type { PulseFixture } from '../../fixtures/pulse.ts';
import type { PlannedClip } from '../clips/clip-sets.ts';
import type { BenchData } from '../product/bench-data.ts';
import { ModelServer } from './model-server/model-server.ts';
import { startPipecat } from './pipecat/pipecat-product.ts';
import { clipsOf, planRow, rowSize, sessionName, type PlannedSession, type Row } from './plan.ts';
import type { PeersOptions } from './options.ts';
import { startParley, usedParleyData } from './session/parley-product.ts';
import type { PeerProduct } from './session/peer-product.ts';
import { runSession } from './session/run-session.ts';
import type { PeerSessionResult } from './session/session-result.ts';

export interface RowsOptions extends Pick<PeersOptions, 'rows' | 'isQuick' | 'maxTurns' | 'keepFolder'> {
  pulse: PulseFixture;
  mainFile: string;
  /** Pipecat's. */
  python: string;
  modelsDir: string;
  turns: readonly PlannedClip[];
  interruptions: readonly PlannedClip[];
  outFolder: string;
  keepTrack(close: () => Promise<void>): () => void;
  say(line: string): void;
}

/** PyAudio's default of 8 ms leaves holes in what it plays; the same for both. */
const DEVICE_ENV = { PULSE_LATENCY_MSEC: '60' };
const LLM = { id: 'smollm2-135m-instruct', file: 'SmolLM2-135M-Instruct.Q4_1.gguf' };
const PARLEY_SETTINGS: Readonly<Record<Row, Partial<Settings>>> = {
  'same-weights': { ttsModelId: 'piper-joe-medium' },
  defaults: {},
};
const IDLE_SECONDS = { full: 10, quick: 3 };
const ATTEMPTS = 2;

/** All sessions of the rows, one after another. One that fails twice is left out and said; the rest goes on. */
export async function runRows(options: RowsOptions): Promise<{ results: PeerSessionResult[]; failures: string[] }> {
  const { isQuick, maxTurns, say } = options;
  const results: PeerSessionResult[] = [];
  const failures: string[] = [];
  for (const row of options.rows) {
    const home = new ParleyHome(row, options);
    const size = rowSize(row, { isQuick, maxTurns });
    const sets = {
      turns: options.turns.slice(0, size.turns),
      interruptions: options.interruptions.slice(0, size.interruptions * 2),
    };
    for (const session of planRow(row, size)) {
      const clips = clipsOf(session, sets);
      say(`  ${sessionName(session)}: ${clips.length} clips`);
      const result = (await kept(session, clips, options)) ?? (await attempted(session, clips, { ...options, home }));
      if (typeof result === 'string') failures.push(`${sessionName(session)}: ${result}`);
      else results.push(result);
    }
    await home.close();
  }
  return { results, failures };
}

async function kept(
  session: PlannedSession,
  clips: readonly PlannedClip[],
  { outFolder, say }: RowsOptions,
): Promise<PeerSessionResult | undefined> {
  const text = await readFile(resultFile(session, outFolder), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const result = JSON.parse(text) as PeerSessionResult;
  const isSame =
    JSON.stringify([result.session, result.planned]) === JSON.stringify([session, clips.map(({ id }) => id)]);
  if (isSame) say('    measured before');
  return isSame ? result : undefined;
}

interface SessionOptions extends RowsOptions {
  home: ParleyHome;
}

/** Parley's data folder of one row, made when it is needed first. */
class ParleyHome {
  readonly #row: Row;
  readonly #options: RowsOptions;
  #used: ReturnType<typeof usedParleyData> | undefined;

  constructor(row: Row, options: RowsOptions) {
    this.#row = row;
    this.#options = options;
  }

  async data(): Promise<BenchData> {
    const { mainFile, modelsDir, pulse, say } = this.#options;
    const settings = PARLEY_SETTINGS[this.#row];
    const env = { ...pulse.env, ...DEVICE_ENV };
    this.#used ??= usedParleyData({ mainFile, modelsDir, settings, env });
    try {
      const { data, firstStartMs } = await this.#used;
      say(`    Parley's first start ever on its data folder took ${Math.round(firstStartMs)} ms`);
      return data;
    } catch (cause) {
      this.#used = undefined;
      throw cause;
    }
  }

  async close(): Promise<void> {
    const used = await this.#used;
    await used?.data.remove();
  }
}

/** Why it failed, if it did. */
async function attempted(
  session: PlannedSession,
  clips: readonly PlannedClip[],
  options: SessionOptions,
): Promise<PeerSessionResult | string> {
  let why = '';
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    try {
      const result = await measured(session, clips, options);
      await writeFile(resultFile(session, options.outFolder), `${JSON.stringify(result, undefined, 1)}\n`);
      return result;
    } catch (error) {
      why = error instanceof Error ? error.message : String(error);
      options.say(`    FAILED (attempt ${attempt} of ${ATTEMPTS}): ${why}`);
    }
  }
  return why;
}

async function measured(
  session: PlannedSession,
  clips: readonly PlannedClip[],
  options: SessionOptions,
): Promise<PeerSessionResult> {
  const { pulse, modelsDir, isQuick, keepFolder, keepTrack, say, home } = options;
  const data = session.product === 'parley' ? await home.data() : undefined;
  const modelPath = resolveModel(LLM.id, { modelsDir }).path(LLM.file);
  const usesServer = !data || session.row === 'same-weights';
  const server = usesServer ? await ModelServer.start({ modelPath, words: wordsOf(session.row) }) : undefined;
  const closed = keepTrack(async () => server?.stop());
  try {
    return await runSession({
      session,
      clips,
      pulse,
      idleSeconds: isQuick ? IDLE_SECONDS.quick : IDLE_SECONDS.full,
      startProduct: () => startProduct({ server, data }, options),
      serverPid: server?.pid,
      keepFolder,
      keepTrack,
      say,
    });
  } finally {
    await server?.stop();
    closed();
  }
}

async function startProduct(
  { server, data }: { server: ModelServer | undefined; data: BenchData | undefined },
  { python, mainFile, modelsDir, pulse }: RowsOptions,
): Promise<PeerProduct> {
  const env = { ...pulse.env, ...DEVICE_ENV };
  if (!data) return startPipecat({ python, modelServerUrl: server!.url, modelsDir, env });
  const endpoint: Record<string, string> = server
    ? { PARLEY_ENDPOINT_URL: server.url, PARLEY_ENDPOINT_MODEL: LLM.id }
    : {};
  return startParley({ mainFile, data, env: { ...env, ...endpoint } });
}

function wordsOf(row: Row): 'fixed' | 'own' {
  return row === 'same-weights' ? 'fixed' : 'own';
}

function resultFile(session: PlannedSession, outFolder: string): string {
  return join(outFolder, `${sessionName(session)}.json`);
}

/** Prints and keeps: a run of forty minutes is watched by nobody. */
export function sayAndLog(outFolder: string): (line: string) => void {
  let before = Promise.resolve();
  return (line) => {
    console.log(line);
    before = before.then(() => appendFile(join(outFolder, 'bench.log'), `${line}\n`)).catch(() => {});
  };
}
