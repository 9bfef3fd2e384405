import { beforeEach, expect, test } from 'vitest';
import { BrowserBus } from '../../../main/audio/browser-bus.ts';
import { AudioFrameKind, decodeAudioFrame, encodeAudioFrame } from '../../../main/contract/audio-frame.ts';
import { RecordedEvents } from '../../contract/audio-bus-contract.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { ScriptedBrowser } from '../../fakes/scripted-browser.ts';

let clock: FakeClock;
let events: RecordedEvents;
let browser: ScriptedBrowser;
let bus: BrowserBus;

beforeEach(async () => {
  clock = new FakeClock();
  events = new RecordedEvents();
  browser = new ScriptedBrowser(clock);
  bus = new BrowserBus({ events, peer: browser, clock });
  await bus.open({ inputId: null, outputId: null });
});

const sine = (length: number, rateHz: number) =>
  Float32Array.from({ length }, (_, i) => 0.5 * Math.sin((2 * Math.PI * 440 * i) / rateHz));

test.each([16_000, 44_100, 48_000])('a microphone at %i Hz becomes whole frames at 16 kHz', (rateHz) => {
  const blockSamples = rateHz / 100;
  const sound = sine(rateHz, rateHz);
  for (let at = 0; at < sound.length; at += blockSamples) {
    const samples = sound.subarray(at, at + blockSamples);
    const frame = { kind: AudioFrameKind.microphone, answerNumber: 0, sampleRateHz: rateHz, startSample: at, samples };
    bus.receiveMicrophone(decodeAudioFrame(new Uint8Array(encodeAudioFrame(frame)))!);
  }
  expect(events.microphone).toEqual(['opening', 'ok']);
  expect(events.frames.length).toBeGreaterThanOrEqual(99);
  expect(events.frames.map((frame) => frame.startSample)).toEqual(events.frames.map((_, i) => i * 160));
  const expected = sine(16_000, 16_000);
  const middle = events.frames[50]!;
  for (let i = 0; i < 160; i++) expect(middle.samples[i]).toBeCloseTo(expected[50 * 160 + i]!, 2);
});

test('no more than about two seconds are in flight to a tab that plays nothing', () => {
  void bus.play(1, sine(24_000 * 5, 24_000), 24_000);
  const sent = browser.frames.reduce((sum, frame) => sum + frame.samples.length, 0);
  expect(sent).toBeGreaterThanOrEqual(24_000 * 2);
  expect(sent).toBeLessThanOrEqual(24_000 * 2.1);
});

test('frames say where they belong', async () => {
  browser.connect(bus);
  void bus.play(3, sine(24_000, 24_000), 24_000);
  await clock.advanceAsync(2000);
  const { frames } = browser;
  let expectedStart = 0;
  for (const frame of frames) {
    expect(frame).toMatchObject({ kind: 2, answerNumber: 3, sampleRateHz: 24_000, startSample: expectedStart });
    expectedStart += frame.samples.length;
  }
  expect(expectedStart).toBe(24_000);
});

test('a tab that claims more than it was sent is not believed', () => {
  void bus.play(1, sine(2400, 24_000), 24_000);
  bus.receivePlayed({ answerNumber: 1, playedSamples: 999_999, ended: false });
  bus.receivePlayed({ answerNumber: 1, playedSamples: 5, ended: false });
  bus.receivePlayed({ answerNumber: 9, playedSamples: 5, ended: true });
  expect(events.progress).toEqual([{ answerNumber: 1, playedSamples: 2400, ended: false }]);
});

test('a tab that was closed does not keep a stop waiting', async () => {
  void bus.play(1, sine(24_000, 24_000), 24_000);
  bus.receivePlayed({ answerNumber: 1, playedSamples: 1200, ended: false });
  const stopped = bus.stopAnswer(1);
  await clock.advanceAsync(1000);
  expect(await stopped).toBe(1200);
  expect(events.ends(1)).toHaveLength(1);
});
