import type { Calibration, LatencyForecast } from '../contract/models.ts';
import { entryBytes, type ModelEntry } from '../platform/models/model-catalogue.ts';

/** The models of one turn, and the starters that were measured. */
export interface ForecastModels {
  asr: ModelEntry;
  /** null: on a server, about which nothing can be said. */
  llm: ModelEntry | null;
  tts: ModelEntry;
  starterLlm: ModelEntry;
}

/** The pause that the endpointing waits for after a whole question; the answer is prepared in it. */
const ENDPOINT_MS = 300;
/** Silence after which the words are read, and what device buffers take. */
const READ_AFTER_MS = 90;
const DEVICE_MS = 60;
/** A turn of the user that is read again at the pause. */
const UTTERANCE_SECONDS = 3;
/** The last words, which could not be computed ahead. */
const TAIL_TOKENS = 10;
/** The shortest stretch that is spoken on its own: a clause of about six words. */
const FIRST_CLAUSE_TOKENS = 9;
const FIRST_CLAUSE_SECONDS = 1.8;
/** Where a model's cost is not known: as a voice of the Piper family, and as a small offline recogniser. */
const UNKNOWN_TIMES_STARTER = 4;

/**
 * Voice to voice with these models on a machine where the starters were measured. Writing a token means reading all weights once, so
 * its time goes with the model's bytes; reading a prompt computes, so its time goes with the parameters. Recognisers and voices go by
 * the catalogue's `timesStarter`. What is ready before the pause is over costs nothing: the larger of the two counts. A forecast, not a
 * measurement: larger models do better than it says, since a part of the starter's time per token is not spent on weights.
 */
export function forecastLatency(models: ForecastModels, calibration: Calibration): LatencyForecast | null {
  const { asr, llm, tts, starterLlm } = models;
  if (!llm) return null;
  const tokensPerSecond = (calibration.decodeTokensPerSecond * entryBytes(starterLlm)) / entryBytes(llm);
  const prefillPerSecond = (calibration.prefillTokensPerSecond * parametersOf(starterLlm)) / parametersOf(llm);
  const recognitionMs = 1000 * UTTERANCE_SECONDS * asrRealTimeFactor(asr, calibration);
  const thinkingMs = 1000 * (TAIL_TOKENS / prefillPerSecond + FIRST_CLAUSE_TOKENS / tokensPerSecond);
  const speakingMs = 1000 * FIRST_CLAUSE_SECONDS * ttsRealTimeFactor(tts, calibration);
  const readyMs = READ_AFTER_MS + recognitionMs + thinkingMs + speakingMs;
  const totalMs = Math.max(ENDPOINT_MS, readyMs) + DEVICE_MS;
  return roundedAll({ totalMs, endpointMs: ENDPOINT_MS, recognitionMs, thinkingMs, speakingMs, tokensPerSecond });
}

export function asrRealTimeFactor({ cost }: ModelEntry, { asrRealTimeFactor: starter }: Calibration): number {
  return starter * (cost.timesStarter ?? UNKNOWN_TIMES_STARTER);
}

export function ttsRealTimeFactor({ cost }: ModelEntry, { ttsRealTimeFactor: starter }: Calibration): number {
  return starter * (cost.timesStarter ?? UNKNOWN_TIMES_STARTER);
}

/** Without a figure: as of a model that was brought down to four or five bits, 0.6 bytes for each. */
function parametersOf(entry: ModelEntry): number {
  return entry.cost.parameters ?? entryBytes(entry) / 0.6;
}

function roundedAll(forecast: LatencyForecast): LatencyForecast {
  const { tokensPerSecond, ...times } = forecast;
  const rounded = Object.fromEntries(Object.entries(times).map(([key, ms]) => [key, Math.round(ms)]));
  return { ...(rounded as typeof times), tokensPerSecond: Math.round(tokensPerSecond * 10) / 10 };
}
