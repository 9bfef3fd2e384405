import type { Calibration, LatencyForecast, ProfileName } from '../contract/models.ts';
import { entryMemoryBytes, type ModelCatalogue, type ModelEntry } from '../platform/models/model-catalogue.ts';
import { asrRealTimeFactor, forecastLatency, ttsRealTimeFactor } from './forecast.ts';

export interface ChosenProfile {
  name: ProfileName;
  asr: ModelEntry;
  llm: ModelEntry;
  tts: ModelEntry;
  memoryBytes: number;
  forecast: LatencyForecast | null;
}

export interface ProfileOptions {
  catalogue: ModelCatalogue;
  starters: { asr: string; llm: string; tts: string };
  calibration: Calibration;
}

/** Voice to voice at most, with a model that writes at least so many tokens a second (speech takes about 4). */
const LIMITS = {
  balanced: { totalMs: 1200, tokensPerSecond: 8 },
  best: { totalMs: 2500, tokensPerSecond: 6 },
} as const;
/** Of the machine's memory; the rest is for everything else that runs there. */
const MEMORY_SHARE = 0.5;
/** Besides the three models: the app itself, its window, the small models, sound. */
const REST_BYTES = 500_000_000;
/** Slower recognisers fall behind the speaker, slower voices break off between clauses, while the model writes too. */
const MAX_ASR_FACTOR = 0.4;
const MAX_TTS_FACTOR = 0.7;

/** Whether a model can be used on a machine with so much memory. */
export function fitsMemory(entry: ModelEntry, totalMemoryBytes: number): boolean {
  return entryMemoryBytes(entry) + REST_BYTES <= MEMORY_SHARE * totalMemoryBytes;
}

/** What to run on a machine: as installed, the best that still answers promptly, and the best that one can talk with. */
export function profilesFor(options: ProfileOptions): ChosenProfile[] {
  return (['starter', 'balanced', 'best'] as const).map((name) => ({ name, ...choose(name, options) }));
}

/** The largest step that costs no patience; `starter` when the machine allows no other. */
export function recommendedProfile(profiles: readonly ChosenProfile[]): ProfileName {
  const [starter, balanced, best] = (['starter', 'balanced', 'best'] as const).map((name) =>
    profiles.find((profile) => profile.name === name)!,
  ) as [ChosenProfile, ChosenProfile, ChosenProfile];
  const isAbler = ({ llm }: ChosenProfile): boolean => llm.id !== starter.llm.id;
  if (isAbler(best) && best.forecast && best.forecast.totalMs <= PROMPT_MS) return 'best';
  return isAbler(balanced) ? 'balanced' : 'starter';
}

/** Under it an answer feels immediate enough that nothing is lost. */
const PROMPT_MS = 900;

function choose(name: ProfileName, options: ProfileOptions): Omit<ChosenProfile, 'name'> {
  const { catalogue, starters } = options;
  const first = {
    asr: catalogue.get(starters.asr),
    llm: catalogue.get(starters.llm),
    tts: catalogue.get(starters.tts),
  };
  if (name === 'starter') return completed(first, options);
  const limit = LIMITS[name];
  // The model's words matter most, then what it is told.
  let chosen = first;
  for (const stage of ['llm', 'asr'] as const) {
    for (const entry of candidates(stage, options)) {
      const next = completed({ ...chosen, [stage]: entry }, options);
      if (isGoodEnough(next, limit, options.calibration)) {
        chosen = { asr: next.asr, llm: next.llm, tts: next.tts };
        break;
      }
    }
  }
  return completed(chosen, options);
}

/** The best first, down to the starter, which stands for itself. */
function candidates(stage: 'asr' | 'llm', { catalogue, starters }: ProfileOptions): ModelEntry[] {
  const floor = catalogue.get(starters[stage]).quality ?? 0;
  return catalogue.entries
    .filter(({ kind, quality }) => kind === stage && quality !== null && quality > floor)
    .sort((a, b) => b.quality! - a.quality!);
}

function completed(
  models: Pick<ChosenProfile, 'asr' | 'llm' | 'tts'>,
  { catalogue, starters, calibration }: ProfileOptions,
): Omit<ChosenProfile, 'name'> {
  const starterLlm = catalogue.get(starters.llm);
  const sizes = [models.asr, models.llm, models.tts].map(entryMemoryBytes);
  return {
    ...models,
    memoryBytes: sizes.reduce((sum, bytes) => sum + bytes, REST_BYTES),
    forecast: forecastLatency({ ...models, starterLlm }, calibration),
  };
}

function isGoodEnough(
  { asr, tts, memoryBytes, forecast }: Omit<ChosenProfile, 'name'>,
  limit: (typeof LIMITS)[keyof typeof LIMITS],
  calibration: Calibration,
): boolean {
  return (
    memoryBytes <= MEMORY_SHARE * calibration.totalMemoryBytes &&
    asrRealTimeFactor(asr, calibration) <= MAX_ASR_FACTOR &&
    ttsRealTimeFactor(tts, calibration) <= MAX_TTS_FACTOR &&
    forecast !== null &&
    forecast.totalMs <= limit.totalMs &&
    forecast.tokensPerSecond >= limit.tokensPerSecond
  );
}
