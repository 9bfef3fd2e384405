import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { ForkHost } from '../../main/children/fork-host.ts';
import { ListenClient } from '../../main/children/listen-client.ts';
import type { ListenConfig } from '../../main/children/listen-config.ts';
import { SupervisedChild } from '../../main/children/supervised-child.ts';
import { MonotonicClock } from '../../main/platform/monotonic-clock.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { listenerContract, Speaker } from '../contract/listener-contract.ts';
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

  test.for(['missing', 'damaged'])('measures voices by the features alone when the encoder is %s', async (state) => {
    const folder = await mkdtemp(join(tmpdir(), 'parley-encoder-'));
    const speakerModelFile = join(folder, 'encoder.onnx');
    if (state === 'damaged') await writeFile(speakerModelFile, new Uint8Array(4000).fill(8));
    try {
      const { voice, events } = await heardVoice({ ...starter, speakerModelFile });
      expect(voice!.voicedSeconds).toBeGreaterThan(0.5);
      expect(voice).not.toHaveProperty('speaker');
      expect(events.filter((event) => event.type === 'voice-part-missing')).toMatchObject([
        { part: 'speaker-encoder', error: { code: state === 'missing' ? 'model-missing' : 'model-corrupt' } },
      ]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('says whose voice it is with the encoder that comes with the program', async () => {
    const { voice, events } = await heardVoice(starter);
    expect(voice!.speaker).toHaveLength(192);
    expect(events.filter((event) => event.type === 'voice-part-missing')).toEqual([]);
  });
});

test('the listen child fails at once, with the name of the file, when a model is not there', async () => {
  const child = listenChild({ ...starter, modelsDir: join(modelsDir, 'nowhere') });
  await expect(child.start()).rejects.toMatchObject({ code: 'model-missing', detail: 'silero_vad.onnx' });
  expect(child.restarts).toBe(0);
});

/** Two utterances: an encoder that is opened for the first one hears the second. */
async function heardVoice(config: ListenConfig) {
  const child = listenChild(config);
  await child.start();
  const listener = new ListenClient({ rpc: child });
  const speaker = new Speaker(listener);
  const speech = (await loadWav(speechFile)).slice(0, 44_800);
  listener.beginUtterance(1, 0, { measureVoice: true });
  await speaker.say(speech);
  await speaker.pause(0.3);
  await listener.readUtterance(1, speaker.endSample);
  listener.endUtterance(1);
  listener.beginUtterance(2, speaker.endSample, { measureVoice: true });
  await speaker.say(speech);
  await speaker.pause(0.3);
  const { voice } = await listener.readUtterance(2, speaker.endSample);
  return { voice, events: speaker.events };
}
