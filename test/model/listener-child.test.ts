import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { ForkHost } from '../../main/children/fork-host.ts';
import { ListenClient } from '../../main/children/listen-client.ts';
import type { ListenConfig } from '../../main/children/listen-config.ts';
import { SupervisedChild } from '../../main/children/supervised-child.ts';
import { MonotonicClock } from '../../main/platform/monotonic-clock.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { listenerContract } from '../contract/listener-contract.ts';
import { LISTEN_MODELS, loadWav, missing, modelsDir, samplePath } from './listener-speech.ts';

const speechFile = samplePath('beckett.wav');
const noModels = missing(LISTEN_MODELS.vad, LISTEN_MODELS.turn, LISTEN_MODELS.moonshine, speechFile);
const children: SupervisedChild[] = [];
afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => child.stop()));
});

function listenChild(config: ListenConfig): SupervisedChild {
  const child = new SupervisedChild({
    name: 'listen',
    config,
    host: new ForkHost({ entriesDir: join(import.meta.dirname, '../../main/children/entries') }),
    clock: new MonotonicClock(),
    logger: new RecordingLogger(),
  });
  children.push(child);
  return child;
}

const starter: ListenConfig = { modelsDir, asr: { engine: 'moonshine', modelId: 'moonshine-tiny-en' } };

describe.skipIf(noModels)('the listen child', () => {
  listenerContract('process with real models', async () => {
    const child = listenChild(starter);
    await child.start();
    const speech = (await loadWav(speechFile)).slice(0, 44_800);
    const dispose = () => child.stop();
    return { listener: new ListenClient({ rpc: child }), speech, heard: /ever tried,? ever failed/i, dispose };
  });
});

test('the listen child fails at once, with the name of the file, when a model is not there', async () => {
  const child = listenChild({ ...starter, modelsDir: join(modelsDir, 'nowhere') });
  await expect(child.start()).rejects.toMatchObject({ code: 'model-missing', detail: 'silero_vad.onnx' });
  expect(child.restarts).toBe(0);
});
