import { z } from 'zod';
import type { KeyKeeping } from '../contract/secrets.ts';
import type { Logger } from '../ports/logger.ts';
import { CheckedJsonFile } from './checked-json-file.ts';
import type { ProviderSecretName } from './secrets.ts';
import { fingerprintOf, MemoryKeeper, type SecretKeeper } from './secrets-store.ts';

/** What of Electron's safeStorage is used; only after `ready`. */
export interface SafeStorageLike {
  isAsyncEncryptionAvailable(): Promise<boolean>;
  encryptStringAsync(plainText: string): Promise<Buffer>;
  decryptStringAsync(encrypted: Buffer): Promise<{ result: string; shouldReEncrypt: boolean }>;
  /** Linux only. */
  getSelectedStorageBackend(): string;
  setUsePlainTextEncryption(usePlainText: boolean): void;
}

export interface SafeStorageKeeperOptions {
  safeStorage: SafeStorageLike;
  platform: NodeJS.Platform;
  /** Holds ciphertext and fingerprints; readable by the user alone. */
  file: string;
  logger: Logger;
}

const fileSchema = z.object({
  version: z.literal(1),
  keys: z.record(z.string(), z.object({ cipher: z.base64(), fingerprint: z.string().max(4) })),
});
type KeyFile = z.infer<typeof fileSchema>;

/** Keys in a file, encrypted with a key of the system's key store. Where there is no encryption at all, keys are kept in memory. */
export async function openSafeStorage(options: SafeStorageKeeperOptions): Promise<SecretKeeper> {
  const keeping = await keepingOf(options);
  return keeping === 'memory' ? new MemoryKeeper() : new SafeStorageKeeper(options, keeping);
}

/** Without a key store, Electron on Linux encrypts with a password that is part of its source: that is plain text with a detour. */
async function keepingOf({ safeStorage, platform }: SafeStorageKeeperOptions): Promise<KeyKeeping> {
  const isPlain = platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text';
  if (isPlain) safeStorage.setUsePlainTextEncryption(true);
  if (!(await safeStorage.isAsyncEncryptionAvailable())) return 'memory';
  return isPlain ? 'plain-text' : 'key-store';
}

class SafeStorageKeeper implements SecretKeeper {
  readonly keeping: KeyKeeping;
  readonly #options: SafeStorageKeeperOptions;
  readonly #file: CheckedJsonFile<KeyFile>;

  constructor(options: SafeStorageKeeperOptions, keeping: KeyKeeping) {
    this.keeping = keeping;
    this.#options = options;
    this.#file = new CheckedJsonFile<KeyFile>(options.file, { schema: fileSchema, initial: { version: 1, keys: {} } });
    if (this.#file.notice !== null) options.logger.warn('the file of keys was not used', { notice: this.#file.notice });
  }

  fingerprint(name: ProviderSecretName): string | undefined {
    return this.#file.current.keys[name]?.fingerprint;
  }

  /** Undefined also for one that this system's key store cannot decrypt any more (it was reset, the file was copied here). */
  async read(name: ProviderSecretName): Promise<string | undefined> {
    const kept = this.#file.current.keys[name];
    if (!kept) return undefined;
    const { safeStorage, logger } = this.#options;
    try {
      const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(Buffer.from(kept.cipher, 'base64'));
      if (shouldReEncrypt) await this.set(name, result);
      return result;
    } catch {
      // Not the error itself: what a native library says of a decryption is nobody's to log.
      logger.warn('a kept key cannot be decrypted', { name });
      return undefined;
    }
  }

  async set(name: ProviderSecretName, value: string): Promise<void> {
    const cipher = (await this.#options.safeStorage.encryptStringAsync(value)).toString('base64');
    const entry = { cipher, fingerprint: fingerprintOf(value) };
    await this.#file.set({ version: 1, keys: { ...this.#file.current.keys, [name]: entry } });
  }

  async remove(name: ProviderSecretName): Promise<void> {
    const { [name]: _removed, ...keys } = this.#file.current.keys;
    await this.#file.set({ version: 1, keys });
  }
}
