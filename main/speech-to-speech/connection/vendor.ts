import type { ArchitectureCapabilities } from '../../contract/architecture.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RemoteProvider } from '../remote-voice.ts';
import { connectionError } from './connection-errors.ts';
import type { Dialect } from './line.ts';
import { ReconnectingConnection } from './reconnecting-connection.ts';

/** What a hosted provider is given by the composition. */
export interface VendorParts {
  clock: Clock;
  /** Asked for at every connection and kept nowhere. */
  apiKey(): Promise<string | undefined>;
  /** Whether there is one, without reading it. */
  hasKey(): boolean;
  /** Another server of the same protocol: a proxy, a stand-in. `https:` or `http:`. */
  baseUrl?: string | undefined;
  model?: string | undefined;
  voice?: string | undefined;
}

export interface Vendor {
  id: string;
  label: string;
  /** Where a key is found in the environment. */
  variable: string;
  capabilities: ArchitectureCapabilities;
  /** A fresh one for every connection. */
  dialect(): Dialect;
}

/** A hosted model behind the port, whatever its protocol. */
export function hostedProvider(vendor: Vendor, { clock, hasKey }: VendorParts): RemoteProvider {
  const { id, label, variable, capabilities } = vendor;
  return {
    id,
    label,
    kind: 'speech-to-speech',
    capabilities,
    get unavailable() {
      return hasKey() ? null : `${label} needs a key: set ${variable}, or add a key in Settings › Providers.`;
    },
    connect: (options) => ReconnectingConnection.open({ dialect: vendor.dialect(), clock }, options),
  };
}

/** Rejects with `endpoint-refused` where there is no key. */
export async function keyOf(parts: VendorParts, label: string): Promise<string> {
  const key = await parts.apiKey();
  if (!key) throw connectionError('endpoint-refused', { label, what: 'there is no key' });
  return key;
}

/** The base address with the scheme of a WebSocket and this path. */
export function socketUrl(baseUrl: string, path: string): string {
  return baseUrl.replace(/^http/, 'ws').replace(/\/+$/, '') + path;
}
