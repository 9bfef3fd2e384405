import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { removeModel } from '../../../../main/platform/models/check-models.ts';
import { importModel, type TriedLanguageModel } from '../../../../main/platform/models/import-model.ts';
import { catalogueOf } from '../../../../main/platform/models/model-catalogue.ts';
import { resolveModel } from '../../../../main/platform/models/resolve-model.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';

/** ModelProto { ir_version: 8, graph: { input: [{ name }] } }, by hand. */
function onnxModel(...inputs: string[]): Buffer {
  const delimited = (number: number, payload: Buffer): Buffer =>
    Buffer.concat([Buffer.from([number * 8 + 2, payload.length]), payload]);
  const graph = Buffer.concat(inputs.map((name) => delimited(11, delimited(1, Buffer.from(name)))));
  return Buffer.concat([Buffer.from([8, 8]), delimited(7, graph)]);
}

const network = onnxModel('input', 'input_lengths', 'scales');
const description = { audio: { sample_rate: 22_050 }, espeak: { voice: 'en-us' }, phoneme_id_map: { _: [0], a: [14] } };
const gguf = Buffer.concat([Buffer.from('GGUF'), Buffer.from([3, 0, 0, 0]), Buffer.alloc(64)]);
const tried: TriedLanguageModel = { architecture: 'llama', contextTokens: 2048, memoryBytes: 1e6 };

let folder: string;
let modelsDir: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-import-'));
  modelsDir = join(folder, 'models');
  await mkdir(join(folder, 'given'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function given(name: string, content: Buffer | string): Promise<string> {
  const path = join(folder, 'given', name);
  await writeFile(path, content);
  return path;
}

async function givenVoice(voice: object = description, onnx = network): Promise<string> {
  const path = await given('en_US-Mine-medium.onnx', onnx);
  await given('en_US-Mine-medium.onnx.json', JSON.stringify(voice));
  return path;
}

const bring = (path: string, tryLanguageModel = () => Promise.resolve(tried)) =>
  importModel({ path, modelsDir, clock: new FakeClock(), tryLanguageModel });

/** What a user would see of the models folder. */
const visible = async () => (await readdir(modelsDir).catch(() => [])).filter((name) => name !== '.partial');

describe('a voice of the user’s own', () => {
  test('is copied, listed, found by the engines, and removed like any other', async () => {
    const entry = await bring(await givenVoice());
    expect(entry).toMatchObject({ id: 'own-en-us-mine-medium', engine: 'piper', sampleRateHz: 22_050, imported: true });
    expect(entry.requires).toEqual(['espeak-ng-data']);
    await rm(join(folder, 'given'), { recursive: true });
    const model = resolveModel(entry.id, { modelsDir });
    expect(await readFile(model.path('en_US-Mine-medium.onnx'))).toEqual(network);
    expect(
      catalogueOf(modelsDir)
        .get(entry.id)
        .files.map(({ sha256 }) => sha256),
    ).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), expect.stringMatching(/^[0-9a-f]{64}$/)]);
    await removeModel(entry.id, { catalogue: catalogueOf(modelsDir), modelsDir, clock: new FakeClock() });
    expect(await visible()).toEqual([]);
    expect(() => catalogueOf(modelsDir).get(entry.id)).toThrow(expect.objectContaining({ code: 'model-unknown' }));
  });

  test('of the same name replaces the one that was brought before', async () => {
    const path = await givenVoice();
    await bring(path);
    await givenVoice({ ...description, audio: { sample_rate: 16_000 } });
    const entry = await bring(path);
    expect(catalogueOf(modelsDir).get(entry.id).sampleRateHz).toBe(16_000);
    expect(await visible()).toEqual([entry.id]);
  });

  test.each([
    ['without its description', 'model-missing', async () => given('alone.onnx', network)],
    ['with a description without phonemes', 'model-corrupt', () => givenVoice({ ...description, phoneme_id_map: {} })],
    ['with a description that is no JSON', 'model-corrupt', brokenJson],
    ['that is cut off', 'model-corrupt', () => givenVoice(description, network.subarray(0, -3))],
    ['that is an error page', 'model-corrupt', () => givenVoice(description, Buffer.from('<html>404</html>'))],
    ['that is another network', 'model-unsupported', () => givenVoice(description, onnxModel('tokens', 'style'))],
    ['for a language without data', 'model-unsupported', () => givenVoice({ ...description, espeak: { voice: 'de' } })],
    ['of another kind of file', 'bad-input', () => given('voice.wav', 'RIFF')],
    ['that is not there', 'model-missing', () => Promise.resolve(join(folder, 'none.onnx'))],
  ] as const)('%s is refused as %s, and nothing of it is kept', async (_, code, make) => {
    await expect(bring(await make())).rejects.toMatchObject({ code });
    expect(await visible()).toEqual([]);
  });

  async function brokenJson(): Promise<string> {
    const path = await givenVoice();
    await given('en_US-Mine-medium.onnx.json', '{');
    return path;
  }
});

describe('a language model of the user’s own', () => {
  test('is tried before it is copied, and named after its file', async () => {
    const entry = await bring(await given('mine.Q4.gguf', gguf));
    expect(entry).toMatchObject({ id: 'own-mine.q4', kind: 'llm', engine: 'llama-cpp', label: 'mine.Q4' });
    expect(resolveModel(entry.id, { modelsDir }).entry.goodFor).toContain('2048');
  });

  test('that fails the trial is not copied', async () => {
    const failure = new Error('no chat template');
    await expect(bring(await given('m.gguf', gguf), () => Promise.reject(failure))).rejects.toBe(failure);
    expect(await visible()).toEqual([]);
  });

  test.each(['', 'GGUX....', '<html>'])('whose first bytes are %j never reaches the trial', async (content) => {
    const trial = () => Promise.reject(new Error('must not be tried'));
    await expect(bring(await given('m.gguf', content), trial)).rejects.toMatchObject({ code: 'model-corrupt' });
  });
});
