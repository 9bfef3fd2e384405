import { expect, it } from 'vitest';
import { childEnvironment } from '../../../main/children/child-environment.ts';

it('children get what finding libraries, devices and folders takes, and no keys', () => {
  const environment = childEnvironment({
    PATH: '/bin',
    HOME: '/home/ann',
    XDG_RUNTIME_DIR: '/run/user/1',
    PULSE_SERVER: 'unix:/run/pulse',
    PULSE_LATENCY_MSEC: '30',
    ALSA_CONFIG_PATH: '/etc/asound.conf',
    PARLEY_DATA: '/data',
    LC_ALL: 'C.UTF-8',
    OPENAI_API_KEY: 'key',
    PARLEY_TOKEN: 'token',
    NODE_OPTIONS: '--inspect',
    AWS_SECRET_ACCESS_KEY: 'key',
  });
  expect(environment).toEqual({
    PATH: '/bin',
    HOME: '/home/ann',
    XDG_RUNTIME_DIR: '/run/user/1',
    PULSE_SERVER: 'unix:/run/pulse',
    PULSE_LATENCY_MSEC: '30',
    ALSA_CONFIG_PATH: '/etc/asound.conf',
    PARLEY_DATA: '/data',
    LC_ALL: 'C.UTF-8',
    ORT_DISABLE_TELEMETRY: '1',
  });
});

it('names are allowed however Windows writes them', () => {
  expect(childEnvironment({ Path: 'C:\\bin', SystemRoot: 'C:\\Windows' })).toMatchObject({
    Path: 'C:\\bin',
    SystemRoot: 'C:\\Windows',
  });
});
