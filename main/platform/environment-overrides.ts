import { ParleyError } from '../contract/errors.ts';
import { settingsSchema, type Settings } from './settings.ts';

/**
 * A language model's server for one run, instead of the one in the settings: PARLEY_ENDPOINT_URL (up to and including the version, such
 * as http://127.0.0.1:11434/v1) and PARLEY_ENDPOINT_MODEL. Undefined without the first. Throws `bad-input` on what is no URL.
 */
export function endpointFromEnvironment(env: Record<string, string | undefined>): Settings['endpoint'] | undefined {
  return endpointIn(env, 'PARLEY_ENDPOINT');
}

/** A server with a model that hears, for the half-cascade: PARLEY_AUDIO_ENDPOINT_URL and PARLEY_AUDIO_ENDPOINT_MODEL. As above. */
export function audioEndpointFromEnvironment(
  env: Record<string, string | undefined>,
): Settings['endpoint'] | undefined {
  return endpointIn(env, 'PARLEY_AUDIO_ENDPOINT');
}

function endpointIn(env: Record<string, string | undefined>, prefix: string): Settings['endpoint'] | undefined {
  const url = env[`${prefix}_URL`]?.trim();
  if (!url) return undefined;
  const parsed = settingsSchema.shape.endpoint.safeParse({ url, model: env[`${prefix}_MODEL`]?.trim() || 'default' });
  if (parsed.success) return parsed.data;
  const detail = `${prefix}_URL`;
  throw new ParleyError({ code: 'bad-input', stage: 'think', message: `${detail} is no http address`, detail });
}

/**
 * Another server of OpenAI's Realtime protocol for one run: PARLEY_REALTIME_URL (up to and including the version), PARLEY_REALTIME_MODEL, and
 * PARLEY_REALTIME_KEY for a server that wants a key of its own.
 */
export function realtimeServerFromEnvironment(env: Record<string, string | undefined>): {
  baseUrl?: string;
  model?: string;
  key?: string;
} {
  const baseUrl = env.PARLEY_REALTIME_URL?.trim();
  const model = env.PARLEY_REALTIME_MODEL?.trim();
  const key = env.PARLEY_REALTIME_KEY?.trim();
  return { ...(baseUrl ? { baseUrl } : {}), ...(model ? { model } : {}), ...(key ? { key } : {}) };
}
