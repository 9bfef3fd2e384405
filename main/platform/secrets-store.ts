import type { KeyKeeping, KnownKey } from '../contract/secrets.ts';
import type { EnvironmentSecrets, ProviderSecretName, SecretName, SecretSource } from './secrets.ts';

/** A place for keys that are typed into the window. */
export interface SecretKeeper {
  readonly keeping: KeyKeeping;
  /** Without reading, let alone decrypting, it. Undefined: there is none. */
  fingerprint(name: ProviderSecretName): string | undefined;
  read(name: ProviderSecretName): Promise<string | undefined>;
  /** Resolves when it is kept. Rejects with `disk-full` or `internal`. */
  set(name: ProviderSecretName, value: string): Promise<void>;
  /** Nothing happens when there is none. */
  remove(name: ProviderSecretName): Promise<void>;
}

/** Below this, four characters say too much. */
const LEAST_FINGERPRINTED_CHARS = 20;

export function fingerprintOf(secret: string): string {
  return secret.length < LEAST_FINGERPRINTED_CHARS ? '' : secret.slice(-4);
}

/** Secrets of the window before those of the environment. */
export class SecretStore implements SecretSource {
  readonly #keeper: SecretKeeper;
  readonly #environment: EnvironmentSecrets;
  readonly #listeners = new Set<(name: ProviderSecretName) => void>();

  constructor({ keeper, environment }: { keeper: SecretKeeper; environment: EnvironmentSecrets }) {
    this.#keeper = keeper;
    this.#environment = environment;
  }

  get keeping(): KeyKeeping {
    return this.#keeper.keeping;
  }

  async read(name: SecretName): Promise<string | undefined> {
    const kept = isProviderSecret(name) ? await this.#keeper.read(name) : undefined;
    return kept ?? this.#environment.find(name);
  }

  /** What may be shown of it; null: it was never given. */
  known(name: ProviderSecretName): KnownKey | null {
    const kept = this.#keeper.fingerprint(name);
    if (kept !== undefined) return { from: 'window', fingerprint: kept };
    const given = this.#environment.find(name);
    return given === undefined ? null : { from: 'environment', fingerprint: fingerprintOf(given) };
  }

  async set(name: ProviderSecretName, value: string): Promise<void> {
    await this.#keeper.set(name, value);
    for (const listener of this.#listeners) listener(name);
  }

  async remove(name: ProviderSecretName): Promise<void> {
    await this.#keeper.remove(name);
    for (const listener of this.#listeners) listener(name);
  }

  /** A key was given or taken back. Returns what ends the listening. */
  onChange(listener: (name: ProviderSecretName) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}

/** Until the program ends: there is no key store outside the desktop app, and a file of our own would be no better than a variable. */
export class MemoryKeeper implements SecretKeeper {
  readonly keeping = 'memory';
  readonly #secrets = new Map<ProviderSecretName, string>();

  fingerprint(name: ProviderSecretName): string | undefined {
    const secret = this.#secrets.get(name);
    return secret === undefined ? undefined : fingerprintOf(secret);
  }

  read(name: ProviderSecretName): Promise<string | undefined> {
    return Promise.resolve(this.#secrets.get(name));
  }

  set(name: ProviderSecretName, value: string): Promise<void> {
    this.#secrets.set(name, value);
    return Promise.resolve();
  }

  remove(name: ProviderSecretName): Promise<void> {
    this.#secrets.delete(name);
    return Promise.resolve();
  }
}

function isProviderSecret(name: SecretName): name is ProviderSecretName {
  return !name.startsWith('mcp:');
}
