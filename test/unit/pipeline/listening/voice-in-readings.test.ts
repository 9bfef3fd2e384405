import { expect, test } from 'vitest';
import { ListeningService } from '../../../../main/pipeline/listening/listening-service.ts';
import type { VoiceFeatures } from '../../../../main/contract/voice-features.ts';
import type { ListenerEvent } from '../../../../main/ports/listener.ts';
import type { SpeakerEncoder, VoiceClaim, VoiceMeter } from '../../../../main/ports/voice-cues.ts';
import { FakeAsr } from '../../../fakes/fake-asr.ts';
import { FakeClock, settle } from '../../../fakes/fake-clock.ts';
import { FakeVad } from '../../../fakes/fake-vad.ts';
import { tone } from '../../../fakes/tone.ts';

const FRAME_SAMPLES = 160;
const happy: VoiceClaim = { engine: 'Tiny', label: 'happy', confidence: 0.7 };
const meter: VoiceMeter = {
  begin() {},
  push() {},
  measure: () => ({ features: {} as VoiceFeatures, speechSeconds: 2, voicedSeconds: 1 }),
};

/** Ears that listen to `seconds` of speech and are asked for a reading 100 ms later. */
async function readAfter(
  seconds: number,
  { fails = false, asr = new FakeAsr(), measureVoice = true, claim = () => Promise.resolve(happy) } = {},
) {
  const sampled: number[] = [];
  const order: string[] = [];
  const events: ListenerEvent[] = [];
  const speakerEncoder: SpeakerEncoder = {
    embed(pcm) {
      sampled.push(pcm.length);
      return fails ? Promise.reject(new Error('no')) : Promise.resolve([1, 0]);
    },
    close: () => Promise.resolve(),
  };
  const clock = new FakeClock();
  const parts = {
    vad: new FakeVad(),
    asr,
    turnDetector: null,
    voiceMeter: meter,
    clock,
    speakerEncoder: () => speakerEncoder,
    claimant: () => ({
      claim: (pcm: Float32Array) => (order.push(`claim of ${pcm.length}`), claim()),
      close: async () => {},
    }),
  };
  const service = new ListeningService(parts);
  service.onEvent((event) => event.type !== 'vad' && event.type !== 'partial' && events.push(event));
  service.beginUtterance(1, 0, { measureVoice });
  const audio = new Float32Array(Math.round((seconds + 0.1) * 16_000));
  audio.set(tone(seconds));
  for (let at = 0; at + FRAME_SAMPLES <= audio.length; at += FRAME_SAMPLES) {
    service.push([{ startSample: at, samples: audio.subarray(at, at + FRAME_SAMPLES) }]);
    clock.advance(10);
    await settle(2);
  }
  const { voice } = await service.readUtterance(1, audio.length);
  order.push('read');
  service.endUtterance(1);
  await settle();
  return { voice, sampled, order, events };
}

test('whose voice it is is found out once, while the rest is still said', async () => {
  const { voice, sampled } = await readAfter(4);
  expect(sampled).toEqual([24_000]);
  expect(voice).toMatchObject({ speaker: { vector: [1, 0], seconds: 1.5 } });
});

test.for([
  [1.2, 0.7],
  [0.8, 0.45],
])('of a turn of %d s, %d s of it are known in the pause behind it', async ([said, seconds]) => {
  const { voice, sampled } = await readAfter(said!);
  expect(sampled).toEqual([seconds! * 16_000]);
  expect(voice).toMatchObject({ speaker: { vector: [1, 0], seconds } });
});

test('of less than that, nobody says whose voice it is', async () => {
  const { voice, sampled } = await readAfter(0.6);
  expect(sampled).toEqual([]);
  expect(voice).toMatchObject({ speaker: null });
});

test('an encoder that fails costs no reading', async () => {
  expect((await readAfter(3, { fails: true })).voice!.speaker).toBeNull();
});

test('nothing of a voice is found out where that was not asked for', async () => {
  const { voice, sampled } = await readAfter(3, { measureVoice: false });
  expect(voice).toBeUndefined();
  expect(sampled).toEqual([]);
});

test('what the recogniser says it hears besides the words is a claim beside the measures', async () => {
  class Feeling extends FakeAsr {
    override async transcribe(...args: Parameters<FakeAsr['transcribe']>) {
      return { ...(await super.transcribe(...args)), emotion: 'happy' };
    }
  }
  const { voice } = await readAfter(2, { asr: new Feeling() });
  expect(voice!.claims).toEqual([{ engine: 'the recogniser', label: 'happy' }]);
});

test('another engine is asked when the utterance is read and over, and its claim comes by itself', async () => {
  const { voice, order, events } = await readAfter(2);
  expect(order).toEqual(['read', 'claim of 33600']);
  expect(voice!.claims).toBeUndefined();
  expect(events).toEqual([{ type: 'claim', utteranceId: 1, claim: happy }]);
});

test('one that fails costs nothing but its claim, and is said', async () => {
  const { voice, events } = await readAfter(2, { claim: () => Promise.reject(new Error('no')) });
  expect(voice!.features).toBeDefined();
  expect(events).toMatchObject([
    { type: 'voice-part-missing', part: 'emotion-model', error: { code: 'engine-failed' } },
  ]);
});

test('nobody is asked for a claim where voices are not measured', async () => {
  expect((await readAfter(2, { measureVoice: false })).order).toEqual(['read']);
});
