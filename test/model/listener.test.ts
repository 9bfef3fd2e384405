import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MoonshineAsr } from '../../main/engines/asr/moonshine.ts';
import { SmartTurn } from '../../main/engines/turn/smart-turn.ts';
import { SileroVad } from '../../main/engines/vad/silero-vad.ts';
import { wordErrors } from '../../main/lib/word-error-rate.ts';
import { ListeningService } from '../../main/pipeline/listening/listening-service.ts';
import type { Asr } from '../../main/ports/asr.ts';
import type { ListenerEvent } from '../../main/ports/listener.ts';
import { listenerContract } from '../contract/listener-contract.ts';
import { FakeClock, settle } from '../fakes/fake-clock.ts';
import {
  JFK,
  LISTEN_MODELS,
  loadFlac,
  loadWav,
  missing,
  samplePath,
  testDataPath,
  TWO_CITIES,
} from './listener-speech.ts';

const speechFile = samplePath('beckett.wav');
const jfkFile = testDataPath('audio/jfk.flac');
const noiseFile = testDataPath('audio/noise/siren.flac');
const noModels = missing(LISTEN_MODELS.vad, LISTEN_MODELS.turn, LISTEN_MODELS.moonshine, speechFile);
const FRAME_SAMPLES = 160;

describe.skipIf(noModels)('the ears with real models', () => {
  let vad: SileroVad;
  let asr: MoonshineAsr;
  let turnDetector: SmartTurn;
  let beckett: Float32Array;

  beforeAll(async () => {
    vad = await SileroVad.open({ modelPath: LISTEN_MODELS.vad });
    turnDetector = await SmartTurn.open({ modelPath: LISTEN_MODELS.turn });
    asr = await MoonshineAsr.open({ modelDir: LISTEN_MODELS.moonshine });
    beckett = await loadWav(speechFile);
  });
  afterAll(() => Promise.all([vad.close(), asr.close(), turnDetector.close()]));

  let longestSeconds = 0;
  const openService = (clock = new FakeClock()) => {
    vad.reset();
    const watched: Asr = {
      maxSegmentSeconds: asr.maxSegmentSeconds,
      transcribe(pcm, options) {
        longestSeconds = Math.max(longestSeconds, pcm.length / 16_000);
        return asr.transcribe(pcm, options);
      },
      close: () => asr.close(),
    };
    return new ListeningService({ vad, asr: watched, turnDetector, clock });
  };

  listenerContract('listening service over real models', async () => {
    const listener = openService();
    return {
      listener,
      // "Ever tried, ever failed."
      speech: beckett.slice(0, 44_800),
      heard: /ever tried,? ever failed/i,
      dispose: async () => listener.close(),
    };
  });

  /** Plays audio as if it came from a microphone, with the clock in step; one utterance from the beginning to the end. */
  async function listenTo(audio: Float32Array): Promise<{ text: string; events: ListenerEvent[] }> {
    const clock = new FakeClock();
    const service = openService(clock);
    longestSeconds = 0;
    const events: ListenerEvent[] = [];
    service.onEvent((event) => events.push(event));
    service.beginUtterance(1, 0);
    for (let at = 0; at + FRAME_SAMPLES <= audio.length; at += FRAME_SAMPLES) {
      service.push([{ startSample: at, samples: audio.subarray(at, at + FRAME_SAMPLES) }]);
      clock.advance(10);
      if (at % 480 === 0) await settle(2);
    }
    const { text } = await service.readUtterance(1, audio.length);
    service.close();
    return { text, events };
  }

  test.skipIf(missing(samplePath('two_cities.wav')))(
    'understands 44 s in one breath, at most one word in ten wrong, without letting the recogniser see more than 15 s',
    async () => {
      const { text, events } = await listenTo(await loadWav(samplePath('two_cities.wav')));
      const { rate } = wordErrors(TWO_CITIES, text);
      console.log(
        `two_cities.wav: word error rate ${rate.toFixed(3)}, ${events.filter((e) => e.type === 'partial').length} partials`,
      );
      expect(rate).toBeLessThanOrEqual(0.1);
      expect(longestSeconds).toBeLessThanOrEqual(15);
    },
  );

  test.skipIf(missing(jfkFile))('understands a recording from 1961', async () => {
    const { text } = await listenTo(await loadFlac(jfkFile));
    expect(wordErrors(JFK, text).rate).toBeLessThanOrEqual(0.1);
  });

  test.skipIf(missing(noiseFile))('makes no words of a siren', async () => {
    const { text, events } = await listenTo((await loadFlac(noiseFile)).slice(0, 5 * 16_000));
    expect(text).toBe('');
    expect(events.filter((event) => event.type === 'partial')).toEqual([]);
  });

  test('makes no words of hiss', async () => {
    const hiss = Float32Array.from({ length: 48_000 }, (_, i) => 0.02 * Math.sin(i * i * 0.7));
    expect((await listenTo(hiss)).text).toBe('');
  });
});
