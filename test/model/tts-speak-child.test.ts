import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { ForkHost } from '../../main/children/fork-host.ts';
import { SpeakClient } from '../../main/children/speak-client.ts';
import type { SpeakConfig } from '../../main/children/speak-config.ts';
import { SupervisedChild } from '../../main/children/supervised-child.ts';
import { MonotonicClock } from '../../main/platform/monotonic-clock.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { collectSpeech, modelFolder, modelsMissing } from './tts-voices.ts';

const children: SupervisedChild[] = [];
afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => child.stop()));
});

function speakChild(config: SpeakConfig): SupervisedChild {
  const child = new SupervisedChild({
    name: 'speak',
    config,
    host: new ForkHost({ entriesDir: join(import.meta.dirname, '../../main/children/entries') }),
    clock: new MonotonicClock(),
    logger: new RecordingLogger(),
  });
  children.push(child);
  return child;
}

describe('the speak child', () => {
  test.skipIf(modelsMissing('hibari-heart'))('speaks, stops in mid-clause and speaks again', async () => {
    const child = speakChild({ engine: 'hibari', folder: modelFolder('hibari-heart') });
    await child.start();
    const voice = await SpeakClient.connect(child);
    expect(voice.sampleRateHz).toBe(24_000);
    const text = 'The capital of France is Paris, which lies on the river Seine.';
    const whole = await collectSpeech(voice.synthesize({ text }));
    expect(whole.length).toBeGreaterThan(2 * voice.sampleRateHz);
    const abort = new AbortController();
    const speaking = (async () => {
      for await (const _chunk of voice.synthesize({ text }, abort)) abort.abort();
    })();
    await expect(speaking).rejects.toMatchObject({ code: 'cancelled' });
    expect(await collectSpeech(voice.synthesize({ text }))).toEqual(whole);
    await expect(collectSpeech(voice.synthesize({ text, speed: 0 }))).rejects.toMatchObject({
      code: 'bad-input',
      stage: 'speak',
    });
  });

  test('fails at once, with the name of the file, when its voice is not there', async () => {
    const child = speakChild({ engine: 'hibari', folder: modelFolder('no-such-voice') });
    await expect(child.start()).rejects.toMatchObject({ code: 'model-missing', detail: 'hibari.onnx' });
    expect(child.restarts).toBe(0);
  });
});
