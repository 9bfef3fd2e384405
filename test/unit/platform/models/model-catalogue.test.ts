import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadShippedCatalogue, ModelCatalogue } from '../../../../main/platform/models/model-catalogue.ts';

const nativeModels = resolve(import.meta.dirname, '../../../../native-models');
const { entries } = loadShippedCatalogue();

const entryWith = (file: object) => ({
  version: 1,
  models: [
    {
      ...{ id: 'm', kind: 'llm', label: 'M', starter: false, recommended: false, licence: { spdx: 'MIT', text: 'x' } },
      files: [
        {
          path: 'a',
          bytes: 1,
          sha256: '0'.repeat(64),
          sources: [{ type: 'https', url: 'https://example.org/a' }],
          ...file,
        },
      ],
    },
  ],
});

describe('the shipped catalogue', () => {
  test('has a starter for every stage', () => {
    const kinds = entries.filter(({ starter }) => starter).map(({ kind }) => kind);
    expect(kinds.sort()).toEqual(['asr', 'llm', 'tts', 'turn', 'vad']);
  });

  test('knows the hash and the size of every file that we have run', () => {
    const run = entries.filter(({ verified }) => verified).flatMap(({ files }) => files);
    expect(run.filter(({ sha256, approximate }) => sha256 === null || approximate)).toEqual([]);
  });

  test('says of every model of a stage which engine opens it, what for, and what it costs', () => {
    const stages = entries.filter(({ kind }) => ['asr', 'llm', 'tts'].includes(kind));
    for (const { id, engine, goodFor, languages, cost } of stages) {
      expect({ id, engine }).toEqual({ id, engine: expect.any(String) });
      expect(goodFor, id).not.toBe('');
      expect(languages, id).not.toEqual([]);
      expect(cost.parameters ?? cost.timesStarter, id).toBeGreaterThan(0);
    }
  });

  test('gives starters and test data a source that needs no model hub', () => {
    const needed = entries.filter(({ starter, forTests }) => starter || forTests).flatMap(({ files }) => files);
    expect(needed.filter(({ sources }) => !sources.some(({ type }) => type !== 'https'))).toEqual([]);
  });

  test('tries the hub before packages', () => {
    const types = entries.flatMap(({ files }) => files.map(({ sources }) => sources.map(({ type }) => type)));
    expect(types.filter((order) => order.includes('https') && order[0] !== 'https')).toEqual([]);
  });

  test('names a licence text that is there, for every model', () => {
    const texts = entries.flatMap(({ licence }) => [licence.text, ...(licence.notice ? [licence.notice] : [])]);
    expect(texts.filter((text) => !text.startsWith('https://') && !existsSync(join(nativeModels, text)))).toEqual([]);
  });

  test('names package clients, never the hosts behind them', async () => {
    const text = await readFile(join(nativeModels, 'catalogue.json'), 'utf8');
    expect(text).not.toMatch(/pypi|pythonhosted|npmjs|registry/i);
  });
});

describe('a catalogue', () => {
  test.each(['/etc/passwd', '../a', 'a/../../b', 'a//b', 'a\\b', 'C:a', '', '.'])(
    'refuses %j as a path inside a model',
    (path) => {
      expect(() => new ModelCatalogue(entryWith({ path }))).toThrow();
    },
  );

  test.each(['--index-url', 'a b', 'a;b', '$(a)'])(
    'refuses %j as a package name, which reaches a command line',
    (name) => {
      const part = { name, version: '1', member: 'a', packageBytes: 1 };
      expect(() => new ModelCatalogue(entryWith({ sources: [{ type: 'pip', parts: [part] }] }))).toThrow();
    },
  );

  test('brings what a model requires before the model itself', () => {
    const ids = loadShippedCatalogue()
      .withRequired(['piper-joe-medium', 'kokoro-v1.0-int8'])
      .map(({ id }) => id);
    expect(ids).toEqual(['espeak-ng-data', 'piper-joe-medium', 'kokoro-v1.0-int8']);
  });

  test('refuses two models with one id', () => {
    const { version, models } = entryWith({});
    expect(() => new ModelCatalogue({ version, models: [...models, ...models] })).toThrow('same id');
  });

  test('says model-unknown for an id that it does not have', () => {
    expect(() => loadShippedCatalogue().get('nope')).toThrow(
      expect.objectContaining({ code: 'model-unknown', detail: 'nope' }),
    );
  });
});
