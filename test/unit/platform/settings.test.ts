import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, SettingsFile } from '../../../main/platform/settings.ts';

let dir: string;
let file: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'parley-settings-'));
  file = join(dir, 'config', 'settings.json');
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const onDisk = async () => JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;

async function openWith(text: string): Promise<SettingsFile> {
  file = join(dir, 'settings.json');
  await writeFile(file, text);
  return SettingsFile.open(file);
}

describe('SettingsFile', () => {
  it('uses the defaults, without a notice and without writing, when there is no file', async () => {
    const settings = await SettingsFile.open(file);
    expect(settings.current).toEqual(DEFAULT_SETTINGS);
    expect(settings.notices).toEqual([]);
    expect(await readdir(dir)).toEqual([]);
  });

  it('keeps what was changed for the next run', async () => {
    const settings = await SettingsFile.open(file);
    await settings.update({ inputMode: 'push-to-talk', inputDeviceId: 'usb' });
    expect((await SettingsFile.open(file)).current).toEqual({
      ...DEFAULT_SETTINGS,
      inputMode: 'push-to-talk',
      inputDeviceId: 'usb',
    });
  });

  it('writes changes that are made at once one after another, and leaves no temporary file', async () => {
    const settings = await SettingsFile.open(file);
    await Promise.all([1, 2, 3, 4, 5].map((port) => settings.update({ port })));
    expect(await onDisk()).toMatchObject({ port: 5 });
    expect(await readdir(join(dir, 'config'))).toEqual(['settings.json']);
  });

  it.each(['{"port": 1', '[]', '"text"', ''])('sets a file that is not a JSON object aside: %s', async (text) => {
    const settings = await openWith(text);
    expect(settings.current).toEqual(DEFAULT_SETTINGS);
    expect(settings.notices).toHaveLength(1);
    expect(settings.notices[0]).toContain(`${file}.bad`);
    expect(await readFile(`${file}.bad`, 'utf8')).toBe(text);
  });

  it('replaces only the values that are wrong, and says which', async () => {
    const settings = await openWith(
      JSON.stringify({ port: -1, inputMode: 'push-to-talk', endpoint: { url: 'file:///etc/passwd', model: 'm' } }),
    );
    expect(settings.current).toEqual({ ...DEFAULT_SETTINGS, inputMode: 'push-to-talk' });
    expect(settings.notices.join()).toMatch(/"port".*"endpoint"/s);
  });

  it('keeps keys of other versions', async () => {
    const settings = await openWith(JSON.stringify({ theme: { dark: true }, constructor: 1 }));
    await settings.update({ port: 0 });
    expect(await onDisk()).toMatchObject({ theme: { dark: true }, constructor: 1, port: 0 });
  });

  it('refuses a wrong change and keeps what was there', async () => {
    const settings = await SettingsFile.open(file);
    await expect(settings.update({ port: 70_000 })).rejects.toMatchObject({ code: 'bad-input', detail: 'port' });
    expect(settings.current.port).toBe(DEFAULT_SETTINGS.port);
  });

  it('rejects when it cannot write, and can write again afterwards', async () => {
    const settings = await SettingsFile.open(file);
    await writeFile(join(dir, 'config'), 'a file where the directory should be');
    await expect(settings.update({ port: 1 })).rejects.toMatchObject({ code: 'internal', stage: 'app' });
    await rm(join(dir, 'config'));
    await settings.update({ port: 2 });
    expect(await onDisk()).toMatchObject({ port: 2 });
  });
});
