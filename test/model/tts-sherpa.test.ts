import { cp, mkdtemp, readFile, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadKokoroVoice } from '../../main/engines/tts/sherpa-kokoro.ts';
import { loadPiperVoice } from '../../main/engines/tts/sherpa-piper.ts';
import type { Tts } from '../../main/ports/tts.ts';
import { ttsContract } from '../contract/tts-contract.ts';
import { describeRoundTrip, roundTrip } from './tts-round-trip.ts';
import { collectSpeech, modelFolder, modelsMissing } from './tts-voices.ts';

const espeakDataFolder = modelFolder('espeak-ng-data');
let cacheFolder: string;
beforeAll(async () => {
  cacheFolder = await mkdtemp(join(tmpdir(), 'parley-voices-'));
});
afterAll(() => rm(cacheFolder, { recursive: true, force: true }));

describe.skipIf(modelsMissing('piper-joe-medium', 'espeak-ng-data'))('a Piper voice', () => {
  const folder = modelFolder('piper-joe-medium');
  const open = () => loadPiperVoice({ folder, espeakDataFolder, cacheFolder });
  let voice: Tts;
  beforeAll(async () => {
    voice = await open();
  });
  afterAll(() => voice.close());

  ttsContract(
    'Piper joe',
    async () => {
      const tts = await open();
      return { tts, dispose: () => tts.close() };
    },
    { shared: async () => voice },
  );

  test('has the rate of its description', () => {
    expect(voice.sampleRateHz).toBe(22_050);
  });

  test.skipIf(modelsMissing('moonshine-tiny-en'))('is understood by the recogniser', async () => {
    const result = await roundTrip(voice);
    console.log(describeRoundTrip('Piper joe', result));
    expect(result.errors / result.words).toBeLessThan(0.25);
  });

  test('that is cut off is refused, and the process lives', async () => {
    const copy = await mkdtemp(join(tmpdir(), 'parley-piper-'));
    try {
      await cp(folder, copy, { recursive: true });
      await truncate(join(copy, 'en_US-joe-medium.onnx'), 30_000_000);
      const loading = loadPiperVoice({ folder: copy, espeakDataFolder, cacheFolder });
      await expect(loading).rejects.toMatchObject({ code: 'model-corrupt', detail: 'en_US-joe-medium.onnx' });
    } finally {
      await rm(copy, { recursive: true, force: true });
    }
  });
});

describe.skipIf(modelsMissing('kokoro-v1.0-int8', 'espeak-ng-data'))('Kokoro', () => {
  const folder = modelFolder('kokoro-v1.0-int8');

  test('speaks with the voice that is asked for, and refuses one that is not there', async () => {
    const options = { folder, espeakDataFolder, cacheFolder };
    await expect(loadKokoroVoice({ ...options, voice: 'nobody' })).rejects.toMatchObject({ code: 'model-missing' });
    const voice = await loadKokoroVoice({ ...options, voice: 'af_heart' });
    expect(voice.sampleRateHz).toBe(24_000);
    const begun = performance.now();
    const audio = await collectSpeech(voice.synthesize({ text: 'Good morning.' }));
    const seconds = audio.length / voice.sampleRateHz;
    console.log(`Kokoro: RTF ${((performance.now() - begun) / 1000 / seconds).toFixed(2)} (wall clock)`);
    expect(seconds).toBeGreaterThan(0.5);
    expect(seconds).toBeLessThan(3);
    await voice.close();
  });

  test('with style vectors of a wrong length is refused', async () => {
    const copy = await mkdtemp(join(tmpdir(), 'parley-kokoro-'));
    try {
      await cp(folder, copy, { recursive: true });
      await truncate(join(copy, 'voices/af_heart.bin'), 1000);
      const loading = loadKokoroVoice({ folder: copy, espeakDataFolder, cacheFolder });
      await expect(loading).rejects.toMatchObject({ code: 'model-corrupt', detail: 'af_heart.bin' });
    } finally {
      await rm(copy, { recursive: true, force: true });
    }
  });
});

test.skipIf(modelsMissing('piper-joe-medium'))('the installed Piper model is not changed by opening it', async () => {
  const bytes = await readFile(join(modelFolder('piper-joe-medium'), 'en_US-joe-medium.onnx'));
  expect(bytes.length).toBe(63_201_294);
});
