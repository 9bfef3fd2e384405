import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SileroVad } from '../../main/engines/vad/silero-vad.ts';
import { vadContract } from '../contract/vad-contract.ts';
import { LISTEN_MODELS, loadWav, missing, samplePath } from './listener-speech.ts';

const modelPath = LISTEN_MODELS.vad;
const speechFile = samplePath('beckett.wav');

describe.skipIf(missing(modelPath, speechFile))('Silero VAD', () => {
  let speech: Float32Array;
  let scratchDir: string;

  beforeAll(async () => {
    speech = (await loadWav(speechFile)).slice(0, 32_000);
    scratchDir = await mkdtemp(join(tmpdir(), 'parley-silero-'));
  });
  afterAll(() => rm(scratchDir, { recursive: true, force: true }));

  vadContract('Silero v5', async () => ({ vad: await SileroVad.open({ modelPath }), speech }));

  test('reports a missing, a cut and a foreign file, and survives them', async () => {
    const path = join(scratchDir, 'silero_vad.onnx');
    const open = () => SileroVad.open({ modelPath: path });
    await expect(open()).rejects.toMatchObject({ code: 'model-missing', stage: 'listen', detail: 'silero_vad.onnx' });
    await writeFile(path, (await readFile(modelPath)).subarray(0, 500_000));
    await expect(open()).rejects.toMatchObject({ code: 'model-corrupt' });
    await writeFile(path, 'not a model at all');
    await expect(open()).rejects.toMatchObject({ code: 'model-corrupt' });
  });
});
