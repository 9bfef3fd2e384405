import { copyFile, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MoonshineAsr } from '../../main/engines/asr/moonshine.ts';
import { asrContract } from '../contract/asr-contract.ts';
import { LISTEN_MODELS, loadWav, missing, MOONSHINE_FILES, samplePath } from './listener-speech.ts';

const speechFile = samplePath('beckett.wav');
const modelDir = LISTEN_MODELS.moonshine;
const noModels = missing(...MOONSHINE_FILES.map((name) => join(modelDir, name)), speechFile);

const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: { code?: string; stage?: string; detail?: string }) => error,
  );

describe.skipIf(noModels)('Moonshine', () => {
  let speech: Float32Array;
  let scratchDir: string;

  beforeAll(async () => {
    speech = await loadWav(speechFile);
    scratchDir = await mkdtemp(join(tmpdir(), 'parley-moonshine-'));
  });
  afterAll(() => rm(scratchDir, { recursive: true, force: true }));

  asrContract('Moonshine tiny-en', async () => ({
    asr: await MoonshineAsr.open({ modelDir }),
    speech: speech.slice(0, 44_800),
    heard: /^(if )?ever tried,? ever failed/i,
  }));

  test('a right draft gives the text of a decoding from nothing, and a wrong one does no harm', async () => {
    const asr = await MoonshineAsr.open({ modelDir });
    const plain = await asr.transcribe(speech);
    expect((await asr.transcribe(speech, { draft: plain })).text).toBe(plain.text);
    const other = await asr.transcribe(speech.slice(60_000));
    expect((await asr.transcribe(speech, { draft: other })).text).toBe(plain.text);
    await asr.close();
  });

  test.each([
    ['missing', async (path: string) => rm(path), 'model-missing'],
    ['empty', async (path: string) => truncate(path, 0), 'model-corrupt'],
    ['cut in half', async (path: string) => truncate(path, 100_000), 'model-corrupt'],
    ['an error page', async (path: string) => writeFile(path, '<html>404</html>'.repeat(1000)), 'model-corrupt'],
  ])('says which file is %s, and survives it', async (_name, spoil, code) => {
    for (const bad of MOONSHINE_FILES) {
      for (const name of MOONSHINE_FILES) await copyFile(join(modelDir, name), join(scratchDir, name));
      await spoil(join(scratchDir, bad));
      const error = await errorOf(MoonshineAsr.open({ modelDir: scratchDir }));
      expect(error).toMatchObject({ code, stage: 'listen', detail: bad });
    }
  });

  test('says that the decoder is some other model', async () => {
    for (const name of MOONSHINE_FILES) await copyFile(join(modelDir, name), join(scratchDir, name));
    await copyFile(join(modelDir, 'encoder_model.ort'), join(scratchDir, 'decoder_model_merged.ort'));
    expect(await errorOf(MoonshineAsr.open({ modelDir: scratchDir }))).toMatchObject({ code: 'model-corrupt' });
  });
});
