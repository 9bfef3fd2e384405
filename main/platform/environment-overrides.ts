import { ParleyError } from '../contract/errors.ts';
import { settingsSchema, type Settings } from './settings.ts';

/**
 * A language model's server for one run, instead of the one in the settings: PARLEY_ENDPOINT_URL (up to and including the version, such
 * as http://127.0.0.1:11434/v1) and PARLEY_ENDPOINT_MODEL. Undefined without the first. Throws `bad-input` on what is no URL.
 */
export function endpointFromEnvironment(env: Record<string, string | undefined>): Settings['endpoint'] | undefined {
  const url = env.PARLEY_ENDPOINT_URL?.trim();
  if (!url) return undefined;
  const parsed = settingsSchema.shape.endpoint.safeParse({
    url,
    model: env.PARLEY_ENDPOINT_MODEL?.trim() || 'default',
  });
  if (parsed.success) return parsed.data;
  throw new ParleyError({
    code: 'bad-input',
    stage: 'think',
    message: 'PARLEY_ENDPOINT_URL is no http address',
    detail: 'PARLEY_ENDPOINT_URL',
  });
}

/** Another server of OpenAI's Realtime protocol for one run: PARLEY_REALTIME_URL (up to and including the version) and PARLEY_REALTIME_MODEL. */
export function realtimeServerFromEnvironment(env: Record<string, string | undefined>): {
  baseUrl?: string;
  model?: string;
} {
  const baseUrl = env.PARLEY_REALTIME_URL?.trim();
  const model = env.PARLEY_REALTIME_MODEL?.trim();
  return { ...(baseUrl ? { baseUrl } : {}), ...(model ? { model } : {}) };
}
