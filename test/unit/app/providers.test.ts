import { expect, test } from 'vitest';
import { AppProviders } from '../../../main/app-providers.ts';
import { ParleyError } from '../../../main/contract/errors.ts';
import type { AppState } from '../../../main/contract/state.ts';
import { deferred } from '../../../main/lib/deferred.ts';
import { AppStateStore } from '../../../main/pipeline/app-state-store.ts';
import { EnvironmentSecrets } from '../../../main/platform/secrets.ts';
import { MemoryKeeper, SecretStore } from '../../../main/platform/secrets-store.ts';
import { FakeArchitecture } from '../../fakes/fake-architecture.ts';

const KEY = 'a-key-that-is-long-enough-7Hk2';

function setUp() {
  const store = new AppStateStore({ problems: [] } as unknown as AppState);
  const secrets = new SecretStore({ keeper: new MemoryKeeper(), environment: new EnvironmentSecrets({}) });
  const gemini = new FakeArchitecture('gemini-live');
  let refreshed = 0;
  const providers = new AppProviders({
    store,
    secrets,
    architectures: () => [gemini],
    onChanged: () => refreshed++,
  });
  const shown = () => store.state.providers!.providers.find(({ id }) => id === 'gemini')!;
  return { providers, gemini, shown, refreshed: () => refreshed, state: () => JSON.stringify(store.state) };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a key is known by four characters, and what can be chosen is looked at again', async () => {
  const { providers, shown, refreshed, state } = setUp();
  expect(shown().key).toBeNull();
  await providers.handle({ type: 'set-provider-key', providerId: 'gemini', key: KEY });
  expect(shown().key).toEqual({ from: 'window', fingerprint: '7Hk2' });
  expect(state()).not.toContain('long-enough');
  expect(refreshed()).toBe(1);
});

test('a test opens a session and leaves none behind', async () => {
  const { providers, gemini, shown } = setUp();
  await providers.handle({ type: 'test-provider', providerId: 'gemini' });
  expect(shown().test).toEqual({ status: 'running' });
  await settled();
  expect(shown().test).toEqual({ status: 'connected' });
  expect(gemini.session.isClosed).toBe(true);
});

test('a test that fails says with what', async () => {
  const { providers, gemini, shown } = setUp();
  gemini.opening = Promise.reject(new ParleyError({ code: 'endpoint-refused', stage: 'think' }));
  await providers.handle({ type: 'test-provider', providerId: 'gemini' });
  await settled();
  expect(shown().test).toMatchObject({ status: 'failed', error: { code: 'endpoint-refused' } });
});

test('what a test shows of one key is not said of the next', async () => {
  const { providers, gemini, shown } = setUp();
  const opening = deferred<void>();
  gemini.opening = opening.promise;
  await providers.handle({ type: 'test-provider', providerId: 'gemini' });
  await providers.handle({ type: 'set-provider-key', providerId: 'gemini', key: KEY });
  opening.resolve();
  await settled();
  expect(shown().test).toBeNull();
});
