import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SherpaOfflineAsr } from '../../main/engines/asr/sherpa-offline.ts';
import { asrContract } from '../contract/asr-contract.ts';
import { LISTEN_MODELS, loadWav, missing, MOONSHINE_FILES, samplePath } from './listener-speech.ts';

// The models that this engine is for are too large to be starters; Moonshine is the one at hand that it opens too.
const moonshineDir = LISTEN_MODELS.moonshine;
const speechFile = samplePath('beckett.wav');
const noModels = missing(...MOONSHINE_FILES.map((name) => join(moonshineDir, name)), speechFile);

describe.skipIf(noModels)('sherpa-onnx', () => {
  let modelDir: string;
  let speech: Float32Array;

  beforeAll(async () => {
    modelDir = await mkdtemp(join(tmpdir(), 'parley-sherpa-'));
    for (const name of MOONSHINE_FILES.slice(0, 2)) await copyFile(join(moonshineDir, name), join(modelDir, name));
    await writeFile(join(modelDir, 'tokens.txt'), await tokensText(join(moonshineDir, 'tokenizer.bin')));
    speech = await loadWav(speechFile);
  });
  afterAll(() => rm(modelDir, { recursive: true, force: true }));

  asrContract('sherpa-onnx with Moonshine', async () => ({
    asr: await SherpaOfflineAsr.open({ modelDir }),
    speech: speech.slice(0, 44_800),
    heard: /^(if )?ever tried,? ever failed/i,
  }));

  test('survives a cut model, where sherpa-onnx itself would end the process', async () => {
    await writeFile(
      join(modelDir, 'encoder_model.ort'),
      (await readFile(join(moonshineDir, 'encoder_model.ort'))).subarray(0, 5000),
    );
    await expect(SherpaOfflineAsr.open({ modelDir })).rejects.toMatchObject({ code: 'model-corrupt', stage: 'listen' });
  });
});

/** Moonshine's vocabulary as sherpa-onnx wants it: base64 and the id on each line. */
async function tokensText(path: string): Promise<string> {
  const file = await readFile(path);
  const lines: string[] = [];
  for (let at = 0; at < file.length;) {
    let length = file[at++]!;
    if (length >= 128) length = file[at++]! * 128 + length - 128;
    lines.push(`${file.toString('base64', at, at + length)}\t${lines.length}`);
    at += length;
  }
  return lines.join('\n') + '\n';
}
