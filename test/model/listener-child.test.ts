import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ForkHost } from '../../main/children/fork-host.ts';
import { ListenClient } from '../../main/children/listen-client.ts';
import type { ListenConfig } from '../../main/children/listen-config.ts';
import { SupervisedChild } from '../../main/children/supervised-child.ts';
import { MonotonicClock } from '../../main/platform/monotonic-clock.ts';
import type { ListenerEvent } from '../../main/ports/listener.ts';
import { tinyEmotionModel } from '../fixtures/tiny-emotion-model.ts';
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

  test.for(['whole', 'broken'])("a user's emotion model that is %s", async (state) => {
    const folder = await mkdtemp(join(tmpdir(), 'parley-emotion-'));
    const labels = { name: 'Tiny', sampleRateHz: 8000, labels: ['sad', 'angry'], softmax: true };
    await writeFile(join(folder, 'model.json'), JSON.stringify(labels));
    const model = tinyEmotionModel({ weights: [0, 0], bias: [0, 2] });
    await writeFile(join(folder, 'model.onnx'), state === 'whole' ? model : model.subarray(0, 60));
    try {
      const { voice, events } = await heardVoice(
        { ...starter, emotionModelFolder: folder },
        state === 'whole' ? 'claim' : 'voice-part-missing',
      );
      expect(voice!.voicedSeconds).toBeGreaterThan(0.5);
      const said = events.filter(({ type }) => type === 'claim' || type === 'voice-part-missing');
      if (state === 'whole') {
        const claim = { engine: 'Tiny', label: 'angry', confidence: expect.closeTo(0.8808, 3) };
        // Of the first, or of the second where the model was not open yet; of both, or of one when the other came while it was busy.
        expect(said[0]).toMatchObject({ type: 'claim', claim });
        expect(said.filter(({ type }) => type === 'voice-part-missing')).toEqual([]);
      } else {
        expect(said).toMatchObject([{ part: 'emotion-model', error: { code: 'model-corrupt', detail: 'model.onnx' } }]);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('says whose voice it is with the encoder that comes with the program', async () => {
    const { voice, events } = await heardVoice(starter);
    expect(voice!.speaker!.vector).toHaveLength(192);
    expect(events.filter((event) => event.type === 'voice-part-missing')).toEqual([]);
  });
});

test('the listen child fails at once, with the name of the file, when a model is not there', async () => {
  const child = listenChild({ ...starter, modelsDir: join(modelsDir, 'nowhere') });
  await expect(child.start()).rejects.toMatchObject({ code: 'model-missing', detail: 'silero_vad.onnx' });
  expect(child.restarts).toBe(0);
});

/** Two utterances: an encoder that is opened for the first one hears the second. */
async function heardVoice(config: ListenConfig, awaited?: ListenerEvent['type']) {
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
  listener.endUtterance(2);
  if (awaited) await vi.waitFor(() => expect(speaker.events.map(({ type }) => type)).toContain(awaited), 20_000);
  return { voice, events: speaker.events };
}
