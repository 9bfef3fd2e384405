import { beforeEach, expect, test } from 'vitest';
import { SwitchingBus } from '../../../main/audio/switching-bus.ts';
import { WavBus } from '../../../main/audio/wav-bus.ts';
import { ParleyError } from '../../../main/contract/errors.ts';
import type { AudioBusEvents } from '../../../main/ports/audio-devices.ts';
import { RecordedEvents } from '../../contract/audio-bus-contract.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

let clock: FakeClock;
let events: RecordedEvents;
let bus: SwitchingBus;
const makeBus = (inner: AudioBusEvents) => new WavBus({ events: inner, clock });
const tone = new Float32Array(48_000).fill(0.5);

beforeEach(() => {
  clock = new FakeClock();
  events = new RecordedEvents();
  bus = new SwitchingBus({ events });
});

test('begins without sound: answers end unheard', async () => {
  expect(bus.driver).toBe('none');
  await bus.play(1, tone, 24_000);
  bus.endAnswer(1);
  expect(events.progress).toEqual([{ answerNumber: 1, playedSamples: 0, ended: true }]);
});

test('what plays when it is switched is over with what was heard, once', async () => {
  await bus.switchTo('file', makeBus);
  const playing = bus.play(1, new Float32Array(480_000).fill(0.5), 24_000);
  await clock.advanceAsync(500);
  await bus.switchTo('file', makeBus);
  await playing;
  const [end] = events.ends(1);
  expect(end!.playedSamples).toBeGreaterThan(24_000 * 0.4);
  await clock.advanceAsync(500);
  expect(events.ends(1)).toHaveLength(1);
  await bus.play(1, tone, 24_000);
  expect(await bus.stopAnswer(1)).toBe(end!.playedSamples);
});

test('positions of the microphone go on counting', async () => {
  await bus.switchTo('file', makeBus);
  await clock.advanceAsync(300);
  await bus.switchTo('file', makeBus);
  await clock.advanceAsync(300);
  expect(events.frames.map((frame) => frame.startSample)).toEqual(events.frames.map((_, i) => i * 160));
  expect(bus.nextCaptureSample).toBe(events.frames.length * 160);
});

test('ducking holds for the next one', async () => {
  bus.setGain(-40, 0);
  await bus.switchTo('file', makeBus);
  void bus.play(1, tone, 24_000);
  await clock.advanceAsync(500);
  expect(Math.max(...events.levels.map((levels) => levels.outputDbfs))).toBeLessThan(-40);
});

test('one that does not open leaves none, with the reason', async () => {
  await bus.switchTo('file', makeBus);
  const failing = (inner: AudioBusEvents) => {
    const broken = makeBus(inner);
    broken.open = () => Promise.reject(new ParleyError({ code: 'audio-file-bad', stage: 'audio' }));
    return broken;
  };
  await expect(bus.switchTo('portaudio', failing)).rejects.toMatchObject({ code: 'audio-file-bad' });
  expect(bus.driver).toBe('none');
  await bus.switchTo('file', makeBus);
  expect(bus.driver).toBe('file');
});

test('one that waits for a device is kept', async () => {
  const waiting = (inner: AudioBusEvents) => {
    const made = makeBus(inner);
    made.open = () => Promise.reject(new ParleyError({ code: 'no-device', stage: 'audio' }));
    return made;
  };
  await expect(bus.switchTo('portaudio', waiting)).rejects.toMatchObject({ code: 'no-device' });
  expect(bus.driver).toBe('portaudio');
});

test('a chosen device that is gone is reported and replaced by the default', async () => {
  const problems: string[] = [];
  bus = new SwitchingBus({ events: Object.assign(events, { onProblem: (p: ParleyError) => problems.push(p.code) }) });
  await bus.switchTo('file', makeBus, { inputId: 'gone', outputId: null });
  expect(bus.driver).toBe('file');
  expect(problems).toEqual(['unknown-device']);
});
