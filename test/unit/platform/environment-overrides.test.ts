import { describe, expect, it } from 'vitest';
import { endpointFromEnvironment } from '../../../main/platform/environment-overrides.ts';

describe('a server for one run', () => {
  it('is taken from the environment', () => {
    const env = { PARLEY_ENDPOINT_URL: 'http://127.0.0.1:11434/v1', PARLEY_ENDPOINT_MODEL: 'llama3.2' };
    expect(endpointFromEnvironment(env)).toEqual({ url: 'http://127.0.0.1:11434/v1', model: 'llama3.2' });
  });

  it('needs no model name, since some servers have only one', () => {
    expect(endpointFromEnvironment({ PARLEY_ENDPOINT_URL: 'http://127.0.0.1:8099/v1' })?.model).toBe('default');
  });

  it('is left to the settings when nothing is said', () => {
    expect(endpointFromEnvironment({ PARLEY_ENDPOINT_URL: ' ' })).toBeUndefined();
  });

  it('is refused when it is no address', () => {
    expect(() => endpointFromEnvironment({ PARLEY_ENDPOINT_URL: 'localhost' })).toThrow(/no http address/);
  });
});
