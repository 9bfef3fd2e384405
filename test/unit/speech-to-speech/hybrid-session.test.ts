import { expect, test } from 'vitest';
import { ResponderChain, type ReadyStage } from '../../../main/cascade/responder-chain.ts';
import { ParleyError } from '../../../main/contract/errors.ts';
import { defaultTurnConfig } from '../../../main/domain/turn/config.ts';
import type { Listener, ListenerEvent } from '../../../main/ports/listener.ts';
import type { VoiceEvent, VoiceSession } from '../../../main/ports/voice-architecture.ts';
import { PacedOutput } from '../../../main/speech-to-speech/server/paced-output.ts';
import { SpeechToSpeech } from '../../../main/speech-to-speech/speech-to-speech.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { FakeRemoteProvider } from '../../fakes/fake-remote-provider.ts';
import { FakeTts } from '../../fakes/fake-tts.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';

const RATE_HZ = 24_000;
const WINDOW_SAMPLES = 512;
const sameRate = () => Promise.resolve({ process: (pcm: Float32Array) => pcm, close() {} });
const TIME: ReadyStage = {
  source: 'skill',
  tryRespond: ({ userText }) => (/time/.test(userText) ? { name: 'time', text: 'It is four.' } : null),
};

/** Ears that understand what the test says. */
class Ears implements Listener {
  text = '';
  #tell: (event: ListenerEvent) => void = () => {};

  push(): void {}
  beginUtterance(): void {}
  endUtterance(): void {}
  readUtterance = () => Promise.resolve({ text: this.text, completeProbability: 0.99 });

  onEvent(listener: (event: ListenerEvent) => void): () => void {
    this.#tell = listener;
    return () => (this.#tell = () => {});
  }

  judge(endSample: number, probability: number): void {
    const levelDbfs = probability > 0.5 ? -20 : -60;
    this.#tell({ type: 'vad', endSample, probability, levelDbfs });
  }
}

async function open({ isOn = true } = {}) {
  const clock = new FakeClock(1000);
  const provider = new FakeRemoteProvider();
  const ears = new Ears();
  const events: VoiceEvent[] = [];
  const played: { by?: VoiceSession } = {};
  const output = new PacedOutput({
    clock,
    openResampler: sameRate,
    send() {},
    onPlayback: (progress) => played.by?.playback(progress),
  });
  const architecture = new SpeechToSpeech(
    {
      provider,
      clock,
      logger: new RecordingLogger(),
      tts: new FakeTts(),
      tools: null,
      openResampler: sameRate,
      instructions: '',
    },
    {
      isOn: () => isOn,
      parts: {
        listener: ears,
        config: () => defaultTurnConfig,
        maxHistoryChars: 4000,
        localFirst: (model) => new ResponderChain({ stages: [TIME], model }),
      },
    },
  );
  const options = { loudspeaker: output, history: [], inputMode: 'hands-free' as const };
  const session = await architecture.open({ ...options, onEvent: (event) => events.push(event) });
  played.by = session;
  let at = 0;
  const window = async (probability: number): Promise<void> => {
    session.push([{ startSample: at, samples: new Float32Array(WINDOW_SAMPLES).fill(0.1) }]);
    at += WINDOW_SAMPLES;
    ears.judge(at, probability);
    await clock.advanceAsync(32);
  };
  const pass = async (windows: number): Promise<void> => {
    for (let i = 0; i < windows; i++) await window(0.02);
  };
  const say = async (text: string): Promise<void> => {
    ears.text = text;
    for (let i = 0; i < 30; i++) await window(0.95);
    await pass(60);
  };
  const answers = (): string[] =>
    events.flatMap((event) => (event.type === 'answer-ended' ? [`${event.answeredBy}: ${event.text}`] : []));
  return { clock, provider, session, events, say, pass, answers };
}

function answer(provider: FakeRemoteProvider, seconds: number): void {
  const pcm = new Float32Array(seconds * RATE_HZ).fill(0.1);
  provider.says(
    { type: 'answer-started', answerId: 'a1' },
    { type: 'answer-text', answerId: 'a1', text: 'Cats sleep for sixteen hours a day, and they dream of mice.' },
    { type: 'answer-audio', answerId: 'a1', pcm, sampleRateHz: RATE_HZ },
    { type: 'answer-done', answerId: 'a1', status: 'complete' },
  );
}

test('what a skill can answer never leaves the machine; the provider is told of it as history', async () => {
  const { provider, say, pass, answers } = await open();
  expect(provider.options!.turnTaking).toBe('local');
  await say('what time is it');
  await pass(100);
  expect(answers()).toEqual(['skill: It is four.']);
  expect(provider.sentSamples).toBe(0);
  expect(provider.told).toEqual(['told what time is it > It is four.']);
});

test('the rest is sent as sound when the turn is over, and the answer is heard and kept', async () => {
  const { provider, session, say, pass, answers } = await open();
  await say('tell me about cats');
  expect(provider.told).toEqual(['begin', 'end']);
  const seconds = provider.sentSamples / 16_000;
  expect(seconds).toBeGreaterThan(0.9);
  expect(seconds).toBeLessThan(2);
  answer(provider, 3);
  await pass(150);
  expect(answers()).toEqual(['model: Cats sleep for sixteen hours a day, and they dream of mice.']);
  expect(session.history[0]!.heard).toMatch(/of mice\.$/);
  expect(provider.told).toEqual(['begin', 'end']);
});

test('an answer that is cut off is cut where it was heard, and the provider learns that', async () => {
  const { provider, session, say, pass, events } = await open();
  await say('tell me about cats');
  answer(provider, 4);
  await pass(40);
  session.stop();
  await pass(5);
  const end = events.find((event) => event.type === 'answer-ended')!;
  expect(end).toMatchObject({ outcome: 'interrupted', answeredBy: 'model' });
  const cut = /^cancel a1 at (\d+) \(over\)$/.exec(provider.told.at(-1)!);
  // Some 1.3 s of it were played, by a count of words.
  expect(Number(cut![1])).toBeGreaterThan(700);
  expect(Number(cut![1])).toBeLessThan(2000);
});

test('an answer that begins after it was cut off is dropped at the provider', async () => {
  const { provider, session, say, pass, events } = await open();
  await say('tell me about cats');
  session.stop();
  await pass(5);
  answer(provider, 2);
  await pass(20);
  expect(provider.told).toContain('cancel a1 at 0');
  expect(events.filter(({ type }) => type === 'answer-text')).toEqual([]);
});

test('a provider that is gone is said last, and the answer that waited for it has failed or ended', async () => {
  const { provider, say, pass, events } = await open();
  await say('tell me about cats');
  provider.says({
    type: 'closed',
    error: new ParleyError({ code: 'endpoint-unreachable', stage: 'think' }).serialise(),
  });
  await pass(20);
  expect(events.at(-1)).toMatchObject({ type: 'session-failed', error: { code: 'endpoint-unreachable' } });
});

test('a provider that has lost the turn costs one answer: it fails in time, and a late one is dropped', async () => {
  const { provider, say, pass, events, answers } = await open();
  await say('tell me about cats');
  await pass(650);
  const end = events.find((event) => event.type === 'answer-ended')!;
  expect(end).toMatchObject({ outcome: 'failed', error: { code: 'call-timeout' } });
  answer(provider, 1);
  await say('what time is it');
  await pass(100);
  expect(answers().at(-1)).toBe('skill: It is four.');
  expect(provider.told).toContain('cancel a1 at 0');
});

test('switched off, the provider takes the turns itself', async () => {
  const { provider } = await open({ isOn: false });
  expect(provider.options!.turnTaking).toBe('provider');
});
