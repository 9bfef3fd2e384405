import { availableParallelism, freemem, totalmem } from 'node:os';
import { resampleWhole } from './audio/streaming-resampler.ts';
import { measureListener, measureLlm, measureTts } from './calibration/measure-engines.ts';
import type { ChildHost } from './children/child-host.ts';
import { ListenClient } from './children/listen-client.ts';
import { SpeakClient } from './children/speak-client.ts';
import { SupervisedChild } from './children/supervised-child.ts';
import { ThinkClient } from './children/think-client.ts';
import { ParleyError } from './contract/errors.ts';
import type { Calibration } from './contract/models.ts';
import { listenEngine, speakEngine, thinkEngine } from './engine-configs.ts';
import { untilAborted } from './lib/until-aborted.ts';
import type { ParleyPaths } from './platform/paths.ts';
import { EnvironmentSecrets } from './platform/secrets.ts';
import { DEFAULT_SETTINGS } from './platform/settings.ts';
import type { Clock } from './ports/clock.ts';
import type { Logger } from './ports/logger.ts';
import type { WallClock } from './ports/wall-clock.ts';

export interface CalibrateOptions {
  childHost: ChildHost;
  clock: Clock;
  wallClock: WallClock;
  logger: Logger;
  paths: ParleyPaths;
  signal: AbortSignal;
}

/** A machine on which the starters take longer than this has its figure: too slow to measure. */
const LIMIT_MS = 30_000;

/**
 * Measures the starter models on this machine, in children of their own and one after the other, so that the figures are those of a
 * machine that does nothing else: 5 to 15 s. Throws `model-missing` when a starter is not installed, `cancelled`, `call-timeout`.
 */
export async function calibrate(options: CalibrateOptions): Promise<Calibration> {
  const { clock, wallClock } = options;
  const startedAtMs = clock.nowMs();
  const late = new AbortController();
  const stopWatching = clock.schedule(LIMIT_MS, () => {
    late.abort(
      new ParleyError({ code: 'call-timeout', stage: 'models', message: 'the machine is too slow to measure' }),
    );
  });
  const signal = AbortSignal.any([options.signal, late.signal]);
  try {
    const figures = await measureAll({ ...options, signal });
    return {
      at: new Date(wallClock.epochMs()).toISOString(),
      cores: availableParallelism(),
      totalMemoryBytes: totalmem(),
      freeMemoryBytes: freemem(),
      ...figures,
      tookMs: Math.round(clock.nowMs() - startedAtMs),
    };
  } finally {
    stopWatching();
  }
}

type Figures = Pick<
  Calibration,
  'prefillTokensPerSecond' | 'decodeTokensPerSecond' | 'asrRealTimeFactor' | 'ttsRealTimeFactor'
>;

async function measureAll(options: CalibrateOptions): Promise<Figures> {
  const { clock, paths, signal } = options;
  const measure = { clock, signal };
  const given = { settings: DEFAULT_SETTINGS, paths, secrets: new EnvironmentSecrets({}) };
  const voice = speakEngine(given);
  const tts = await withChild('speak', voice.config, options, (rpc) =>
    measureTts(new SpeakClient(rpc, { sampleRateHz: voice.sampleRateHz }), measure),
  );
  const { samples, sampleRateHz } = tts.spoken;
  const spoken = await resampleWhole(samples, { inputRateHz: sampleRateHz, outputRateHz: 16_000 });
  const asrRealTimeFactor = await withChild('listen', listenEngine(given).config, options, (rpc) =>
    measureListener(new ListenClient({ rpc }), spoken, measure),
  );
  const { config } = await thinkEngine(given);
  // Without the states on disk: what is kept would not be computed.
  const llm = await withChild('think', { ...config, stateFolder: undefined }, options, (rpc) =>
    measureLlm(new ThinkClient({ rpc, clock }), measure),
  );
  return { ...llm, asrRealTimeFactor, ttsRealTimeFactor: tts.realTimeFactor };
}

async function withChild<T>(
  name: 'listen' | 'think' | 'speak',
  config: unknown,
  { childHost: host, clock, logger, signal }: CalibrateOptions,
  measure: (child: SupervisedChild) => Promise<T>,
): Promise<T> {
  const child = new SupervisedChild({ name, config, host, clock, logger, limits: { restart: { maxRestarts: 0 } } });
  try {
    await untilAborted(child.start(), signal, name);
    return await measure(child);
  } finally {
    await child.stop();
  }
}
