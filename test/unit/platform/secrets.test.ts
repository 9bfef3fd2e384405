import { describe, expect, it } from 'vitest';
import { EnvironmentSecrets } from '../../../main/platform/secrets.ts';

describe('EnvironmentSecrets', () => {
  it('prefers the variable of its own name, and takes an empty one for not set', async () => {
    const read = (env: Record<string, string>) => new EnvironmentSecrets(env).read('endpoint-api-key');
    expect(await read({ PARLEY_ENDPOINT_API_KEY: 'a', OPENAI_API_KEY: 'b' })).toBe('a');
    expect(await read({ PARLEY_ENDPOINT_API_KEY: ' ', OPENAI_API_KEY: 'b' })).toBe('b');
    expect(await read({})).toBeUndefined();
  });
});
