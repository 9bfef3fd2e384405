import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WhisperCppAsr } from '../../main/engines/asr/whisper-cpp.ts';
import { loadFlac, missing, testDataPath } from './listener-speech.ts';

const modelPath = testDataPath('ggml-tiny.en.bin');
const speechFile = testDataPath('audio/utterances/order_status.flac');
/** The plain build takes 20 s of CPU for any clip, so this engine gets the heart of the contract and not all of it. */
const TIMEOUT_MS = 240_000;

describe.skipIf(missing(modelPath, speechFile))('whisper.cpp', () => {
  let scratchDir: string;
  beforeAll(async () => {
    scratchDir = await mkdtemp(join(tmpdir(), 'parley-whisper-'));
  });
  afterAll(() => rm(scratchDir, { recursive: true, force: true }));

  test(
    'hears what is said, refuses what is no audio, and gives up a call that waits',
    async () => {
      const asr = await WhisperCppAsr.open({ modelPath, useGpu: false, threads: 2 });
      const speech = await loadFlac(speechFile);
      const heard = asr.transcribe(speech);
      const abort = new AbortController();
      const waiting = asr.transcribe(speech, { signal: abort.signal });
      abort.abort();
      await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
      await expect(asr.transcribe(new Float32Array(0))).rejects.toMatchObject({ code: 'bad-input' });
      expect((await heard).text).toMatch(/check my order status/i);
      await asr.close();
      await asr.close();
      await expect(asr.transcribe(speech)).rejects.toMatchObject({ code: 'queue-closed' });
    },
    TIMEOUT_MS,
  );

  test('reports a missing, a cut and a foreign file, and survives them', async () => {
    const path = join(scratchDir, 'ggml.bin');
    const open = () => WhisperCppAsr.open({ modelPath: path, useGpu: false });
    await expect(open()).rejects.toMatchObject({ code: 'model-missing', stage: 'listen', detail: 'ggml.bin' });
    await writeFile(path, (await readFile(modelPath)).subarray(0, 30_000_000));
    await expect(open()).rejects.toMatchObject({ code: 'model-corrupt' });
    await writeFile(path, 'not a model at all');
    await expect(open()).rejects.toMatchObject({ code: 'model-corrupt' });
  });
});
