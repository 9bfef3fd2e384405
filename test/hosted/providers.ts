import { EnvironmentSecrets, type ProviderSecretName } from '../../main/platform/secrets.ts';
import { realtimeServerFromEnvironment } from '../../main/platform/environment-overrides.ts';
import type { Clock } from '../../main/ports/clock.ts';
import type { VendorParts } from '../../main/speech-to-speech/connection/vendor.ts';
import { geminiLive } from '../../main/speech-to-speech/gemini-live/gemini-live.ts';
import { openaiRealtime } from '../../main/speech-to-speech/openai-realtime/openai-realtime.ts';
import type { RemoteProvider } from '../../main/speech-to-speech/remote-voice.ts';
import { ultravox } from '../../main/speech-to-speech/ultravox/ultravox.ts';

export type Environment = Record<string, string | undefined>;

/** A provider that the suite can be run against, and what it would cost. */
export interface HostedProvider {
  id: string;
  label: string;
  /** Why it cannot be tried here; null: it can. */
  missing: string | null;
  /** Said before anything is opened: a bound in plain words, not a bill. */
  cost: string;
  /** It has no use for a key: a wrong one is none. */
  takesAnyKey: boolean;
  open(change?: Partial<Pick<VendorParts, 'apiKey' | 'baseUrl'>>): RemoteProvider;
}

/** Reaches nobody: what a machine without a network meets. */
export const NOBODY = 'http://127.0.0.1:1/v1';

/**
 * Costs are bounds for one run of about 3 minutes with 9 short answers and 2 stories that are cut off, at the prices of
 * main/evaluation/prices.json; a vendor's newer prices may differ.
 */
export function hostedProviders(env: Environment, clock: Clock): HostedProvider[] {
  const secrets = new EnvironmentSecrets(env);
  const vendor = (
    kind: { id: string; label: string; secret: ProviderSecretName; variable: string; cost: string },
    connect: (parts: VendorParts) => RemoteProvider,
  ): HostedProvider => {
    const apiKey = (): Promise<string | undefined> => secrets.read(kind.secret);
    const hasKey = (): boolean => secrets.find(kind.secret) !== undefined;
    return {
      ...kind,
      missing: hasKey() ? null : `no key in ${kind.variable}`,
      takesAnyKey: false,
      open: (change) => connect({ clock, apiKey, hasKey, ...change }),
    };
  };
  return [
    vendor(
      {
        id: 'openai-realtime',
        label: 'OpenAI Realtime',
        secret: 'openai-api-key',
        variable: 'OPENAI_API_KEY',
        cost: 'at most about $0.30 (tokens of gpt-realtime-2.1-mini)',
      },
      openaiRealtime,
    ),
    vendor(
      {
        id: 'gemini-live',
        label: 'Gemini Live',
        secret: 'gemini-api-key',
        variable: 'GEMINI_API_KEY',
        cost: 'at most about $0.15 (tokens of Gemini Live)',
      },
      geminiLive,
    ),
    vendor(
      {
        id: 'ultravox',
        label: 'Ultravox',
        secret: 'ultravox-api-key',
        variable: 'ULTRAVOX_API_KEY',
        cost: 'at most about $0.30 (connected minutes)',
      },
      ultravox,
    ),
    compatibleServer(env, clock),
  ];
}

/** Whoever speaks OpenAI's Realtime protocol: `parley serve --realtime` is one. */
function compatibleServer(env: Environment, clock: Clock): HostedProvider {
  const { baseUrl, model, key } = realtimeServerFromEnvironment(env);
  return {
    id: 'realtime-server',
    label: 'Realtime server by URL',
    missing: baseUrl === undefined ? 'no address in PARLEY_REALTIME_URL' : null,
    cost: 'whatever that server costs',
    takesAnyKey: key === undefined,
    open: (change) =>
      openaiRealtime({
        clock,
        apiKey: () => Promise.resolve(key ?? 'none'),
        hasKey: () => true,
        detector: 'server_vad',
        baseUrl,
        model,
        ...change,
      }),
  };
}
