import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SmartTurn } from '../../main/engines/turn/smart-turn.ts';
import { turnDetectorContract } from '../contract/turn-detector-contract.ts';
import { LISTEN_MODELS, loadFlac, loadWav, missing, samplePath, testDataPath } from './listener-speech.ts';

const modelPath = LISTEN_MODELS.turn;
const speechFile = samplePath('beckett.wav');
const requestFile = testDataPath('audio/utterances/order_status.flac');
const pausesFile = testDataPath('audio/jfk.flac');

describe.skipIf(missing(modelPath, speechFile))('Smart Turn', () => {
  let beckett: Float32Array;
  let scratchDir: string;

  beforeAll(async () => {
    beckett = await loadWav(speechFile);
    scratchDir = await mkdtemp(join(tmpdir(), 'parley-smart-turn-'));
  });
  afterAll(() => rm(scratchDir, { recursive: true, force: true }));

  turnDetectorContract('Smart Turn v3.2', async () => ({
    detector: await SmartTurn.open({ modelPath }),
    // "Ever tried, ever failed." and the pause after it.
    complete: beckett.slice(0, 48_000),
  }));

  test.skipIf(missing(requestFile, pausesFile))(
    'tells a finished request from a sentence that breaks off',
    async () => {
      const detector = await SmartTurn.open({ modelPath });
      expect(await detector.completeProbability(await loadFlac(requestFile))).toBeGreaterThan(0.8);
      // "And so, my fellow Americans: ask not" – and a pause for effect.
      const breaksOff = (await loadFlac(pausesFile)).slice(0, 4.5 * 16_000);
      expect(await detector.completeProbability(breaksOff)).toBeLessThan(0.2);
      await detector.close();
    },
  );

  test('reports a missing, a cut and a foreign file, and survives them', async () => {
    const path = join(scratchDir, 'smart-turn.onnx');
    const open = () => SmartTurn.open({ modelPath: path });
    await expect(open()).rejects.toMatchObject({ code: 'model-missing', stage: 'listen', detail: 'smart-turn.onnx' });
    await writeFile(path, (await readFile(modelPath)).subarray(0, 2_000_000));
    await expect(open()).rejects.toMatchObject({ code: 'model-corrupt' });
    await writeFile(path, 'not a model at all');
    await expect(open()).rejects.toMatchObject({ code: 'model-corrupt' });
  });
});
