import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSafeStorage, type SafeStorageLike } from '../../../main/platform/secrets-safe-storage.ts';
import { MemoryKeeper, SecretStore } from '../../../main/platform/secrets-store.ts';
import { EnvironmentSecrets, environmentWithoutSecrets } from '../../../main/platform/secrets.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';

const KEY = 'sk-a-key-that-is-long-enough-7Hk2';
let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-keys-'));
  file = join(folder, 'keys.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** "Encrypts" by turning bytes over. `rotated`: asks for every key to be written anew. */
class FakeSafeStorage implements SafeStorageLike {
  isAvailable = true;
  backend = 'gnome_libsecret';
  usesPlainText = false;
  rotated = false;
  broken = false;
  encrypted = 0;

  isAsyncEncryptionAvailable(): Promise<boolean> {
    return Promise.resolve(this.isAvailable);
  }

  encryptStringAsync(plainText: string): Promise<Buffer> {
    this.encrypted++;
    return Promise.resolve(Buffer.from(plainText).map((byte) => byte ^ 0xff) as Buffer);
  }

  decryptStringAsync(encrypted: Buffer): Promise<{ result: string; shouldReEncrypt: boolean }> {
    if (this.broken) return Promise.reject(new Error(`cannot decrypt ${KEY}`));
    const result = Buffer.from(encrypted.map((byte) => byte ^ 0xff)).toString();
    return Promise.resolve({ result, shouldReEncrypt: this.rotated });
  }

  getSelectedStorageBackend(): string {
    return this.backend;
  }

  setUsePlainTextEncryption(usePlainText: boolean): void {
    this.usesPlainText = usePlainText;
  }
}

const open = (safeStorage: FakeSafeStorage, platform: NodeJS.Platform = 'linux', logger = new RecordingLogger()) =>
  openSafeStorage({ safeStorage, platform, file, logger });

describe('keys in the system’s key store', () => {
  it('outlive the program, encrypted, for nobody else to read', async () => {
    const before = await open(new FakeSafeStorage());
    await before.set('openai-api-key', KEY);
    const after = await open(new FakeSafeStorage());
    expect(await after.read('openai-api-key')).toBe(KEY);
    expect(after.fingerprint('openai-api-key')).toBe('7Hk2');
    expect(await readFile(file, 'latin1')).not.toContain('long-enough');
    if (process.platform !== 'win32') expect((await stat(file)).mode & 0o077).toBe(0);
    await after.remove('openai-api-key');
    expect(await (await open(new FakeSafeStorage())).read('openai-api-key')).toBeUndefined();
  });

  it('are encrypted anew when the key store asks for it', async () => {
    const safeStorage = new FakeSafeStorage();
    const keeper = await open(safeStorage);
    await keeper.set('gemini-api-key', KEY);
    safeStorage.rotated = true;
    expect(await keeper.read('gemini-api-key')).toBe(KEY);
    expect(safeStorage.encrypted).toBe(2);
  });

  it('that cannot be decrypted any more count as not given, and nothing of them is logged', async () => {
    const safeStorage = new FakeSafeStorage();
    const logger = new RecordingLogger();
    const keeper = await open(safeStorage, 'linux', logger);
    await keeper.set('openai-api-key', KEY);
    safeStorage.broken = true;
    expect(await keeper.read('openai-api-key')).toBeUndefined();
    expect(JSON.stringify(logger)).not.toContain('long-enough');
  });

  it('are said to be plain text where Linux has no key store, and only there', async () => {
    const bare = Object.assign(new FakeSafeStorage(), { backend: 'basic_text' });
    expect((await open(bare)).keeping).toBe('plain-text');
    expect(bare.usesPlainText).toBe(true);
    expect((await open(new FakeSafeStorage())).keeping).toBe('key-store');
    expect((await open(Object.assign(new FakeSafeStorage(), { backend: 'basic_text' }), 'darwin')).keeping).toBe(
      'key-store',
    );
  });

  it('stay in memory where nothing encrypts', async () => {
    const keeper = await open(Object.assign(new FakeSafeStorage(), { isAvailable: false }));
    expect(keeper.keeping).toBe('memory');
    await keeper.set('openai-api-key', KEY);
    expect(await keeper.read('openai-api-key')).toBe(KEY);
    await expect(stat(file)).rejects.toThrow();
  });
});

describe('SecretStore', () => {
  it('takes a key of the window before one of the environment, and goes back when it is removed', async () => {
    const environment = new EnvironmentSecrets({ GOOGLE_API_KEY: 'an-older-key-of-the-environment-aaaa' });
    const store = new SecretStore({ keeper: new MemoryKeeper(), environment });
    const changed: string[] = [];
    store.onChange((name) => changed.push(name));
    expect(store.known('gemini-api-key')).toEqual({ from: 'environment', fingerprint: 'aaaa' });
    await store.set('gemini-api-key', KEY);
    expect(await store.read('gemini-api-key')).toBe(KEY);
    expect(store.known('gemini-api-key')).toEqual({ from: 'window', fingerprint: '7Hk2' });
    await store.remove('gemini-api-key');
    expect(await store.read('gemini-api-key')).toBe('an-older-key-of-the-environment-aaaa');
    expect(changed).toEqual(['gemini-api-key', 'gemini-api-key']);
    expect(store.known('ultravox-api-key')).toBeNull();
  });

  it('shows nothing of a key so short that four characters would say much of it', async () => {
    const store = new SecretStore({ keeper: new MemoryKeeper(), environment: new EnvironmentSecrets({}) });
    await store.set('endpoint-api-key', 'short-key');
    expect(store.known('endpoint-api-key')).toEqual({ from: 'window', fingerprint: '' });
  });
});

it('a program of others gets the environment without what holds keys', () => {
  const env = {
    PATH: '/bin',
    DISPLAY: ':0',
    OPENAI_API_KEY: 'a',
    HF_TOKEN: 'b',
    AWS_SECRET_ACCESS_KEY: 'c',
    PARLEY_MCP_WEATHER_LOGIN: 'd',
    KEYBOARD: 'us',
  };
  expect(environmentWithoutSecrets(env)).toEqual({ PATH: '/bin', DISPLAY: ':0', KEYBOARD: 'us' });
});
