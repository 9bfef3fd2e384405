import { describe, expect, it } from 'vitest';
import { resolvePaths } from '../../../main/platform/paths.ts';

const linux = { platform: 'linux', env: {}, homeDir: '/home/ada', workingDir: '/w' } as const;

describe('resolvePaths', () => {
  it('follows XDG on Linux', () => {
    expect(resolvePaths(linux)).toMatchObject({
      dataDir: '/home/ada/.local/share/parley',
      settingsFile: '/home/ada/.config/parley/settings.json',
      cacheDir: '/home/ada/.cache/parley',
      modelsDir: '/home/ada/.local/share/parley/models',
    });
    expect(resolvePaths({ ...linux, env: { XDG_DATA_HOME: '/d', XDG_CONFIG_HOME: 'relative' } })).toMatchObject({
      dataDir: '/d/parley',
      configDir: '/home/ada/.config/parley',
    });
  });

  it('follows the custom of macOS and Windows', () => {
    expect(resolvePaths({ ...linux, platform: 'darwin', homeDir: '/Users/ada' }).dataDir).toBe(
      '/Users/ada/Library/Application Support/Parley',
    );
    const windows = resolvePaths({ ...linux, platform: 'win32', homeDir: 'C:\\Users\\ada', env: { APPDATA: 'C:\\R' } });
    expect(windows.dataDir).toBe('C:\\Users\\ada\\AppData\\Local\\Parley');
    expect(windows.configDir).toBe('C:\\R\\Parley');
  });

  it('keeps everything below PARLEY_DATA, and an explicit directory wins over that', () => {
    const paths = resolvePaths({ ...linux, env: { PARLEY_DATA: 'mine' } });
    expect(Object.values(paths).every((path) => path.startsWith('/w/mine'))).toBe(true);
    expect(resolvePaths({ ...linux, env: { PARLEY_DATA: '/a' }, dataDir: '/b' }).dataDir).toBe('/b');
  });
});
