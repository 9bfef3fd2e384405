import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listModels, removeModel, verifyModels } from '../../../../main/platform/models/check-models.ts';
import { ModelCatalogue } from '../../../../main/platform/models/model-catalogue.ts';
import { resolveModel } from '../../../../main/platform/models/resolve-model.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';

const contents = { 'weights.bin': 'weights', 'voices/a.bin': 'a voice' };
const catalogue = new ModelCatalogue({
  version: 1,
  models: [
    {
      ...{ id: 'm', kind: 'tts', label: 'M', starter: true, recommended: false, licence: { spdx: 'MIT', text: 'x' } },
      files: Object.entries(contents).map(([path, content]) => ({
        path,
        bytes: content.length,
        sha256: createHash('sha256').update(content).digest('hex'),
        sources: [{ type: 'https', url: 'https://example.org/' }],
      })),
    },
  ],
});

let modelsDir: string;
const options = () => ({ catalogue, modelsDir, clock: new FakeClock() });
const verify = async () => (await verifyModels(['m'], options()))[0];
const resolve = () => resolveModel('m', { modelsDir, catalogue });

beforeEach(async () => {
  modelsDir = await mkdtemp(join(tmpdir(), 'parley-stored-models-'));
  await mkdir(join(modelsDir, 'm/voices'), { recursive: true });
  for (const [path, content] of Object.entries(contents)) await writeFile(join(modelsDir, 'm', path), content);
});

afterEach(() => rm(modelsDir, { recursive: true, force: true }));

describe('resolving a model', () => {
  test('files that nobody has checked are no model', () => {
    expect(resolve).toThrow(expect.objectContaining({ code: 'model-missing', stage: 'models' }));
  });

  test('gives paths after the files were checked, and only paths that the catalogue has', async () => {
    await verify();
    expect(resolve().path('voices/a.bin')).toBe(join(modelsDir, 'm/voices/a.bin'));
    expect(() => resolve().path('other')).toThrow(RangeError);
  });

  test('says model-corrupt when a file has another size than when it was checked', async () => {
    await verify();
    await writeFile(join(modelsDir, 'm/weights.bin'), 'weights!');
    expect(resolve).toThrow(expect.objectContaining({ code: 'model-corrupt' }));
  });

  test('says model-corrupt when a file has another time than when it was checked', async () => {
    await verify();
    await utimes(join(modelsDir, 'm/weights.bin'), 1, 1);
    expect(resolve).toThrow(expect.objectContaining({ code: 'model-corrupt' }));
  });

  test('says model-corrupt when a file is gone', async () => {
    await verify();
    await rm(join(modelsDir, 'm/weights.bin'));
    expect(resolve).toThrow(expect.objectContaining({ code: 'model-corrupt' }));
  });

  test('says model-missing when the catalogue has come to want another file', async () => {
    await verify();
    const [entry] = catalogue.entries;
    const newer = new ModelCatalogue({
      version: 1,
      models: [{ ...entry, files: entry!.files.map((file) => ({ ...file, sha256: 'f'.repeat(64) })) }],
    });
    expect(() => resolveModel('m', { modelsDir, catalogue: newer })).toThrow(
      expect.objectContaining({ code: 'model-missing' }),
    );
  });
});

describe('verifying a model', () => {
  test('finds a flipped byte that left size and time alone, and takes the model away from the engines', async () => {
    await verify();
    const path = join(modelsDir, 'm/weights.bin');
    const { mtime } = await import('node:fs').then(({ statSync }) => statSync(path));
    await writeFile(path, 'weighty');
    await utimes(path, mtime, mtime);
    expect(await verify()).toEqual({ id: 'm', missing: [], corrupt: ['weights.bin'] });
    expect(resolve).toThrow(expect.objectContaining({ code: 'model-missing' }));
  });

  test('tells what is missing', async () => {
    await rm(join(modelsDir, 'm/voices'), { recursive: true });
    expect(await verify()).toEqual({ id: 'm', missing: ['voices/a.bin'], corrupt: [] });
  });

  test('makes a model usable again whose files only got a new time', async () => {
    await verify();
    await utimes(join(modelsDir, 'm/weights.bin'), 1, 1);
    expect(listModels(options())[0]?.state).toBe('changed');
    await verify();
    expect(listModels(options())[0]?.state).toBe('installed');
  });
});

describe('removing a model', () => {
  test('leaves nothing of it, and says whether there was anything', async () => {
    await verify();
    expect(await removeModel('m', options())).toBe(true);
    expect(resolve).toThrow(expect.objectContaining({ code: 'model-missing' }));
    expect(await readdir(modelsDir)).toEqual(['.partial']);
    expect(await removeModel('m', options())).toBe(false);
  });
});
