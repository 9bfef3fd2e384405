import { expect, test } from 'vitest';
import { RoomBus } from '../../../../main/evaluation/room/room-bus.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';
import type { AudioBusEvents, CaptureFrame } from '../../../../main/ports/audio-devices.ts';

const SECOND = 16_000;

async function openRoom(over: { driftPpm?: number; echoDb?: number } = {}) {
  const clock = new FakeClock();
  const frames: CaptureFrame[] = [];
  const events: AudioBusEvents = {
    onCapture: (more) => void frames.push(...more),
    onPlayback: () => {},
    onMicrophone: () => {},
    onDevicesChanged: () => {},
    onLevels: () => {},
  };
  const bus = new RoomBus({
    events,
    clock,
    background: undefined,
    effect: undefined,
    driftPpm: 0,
    echoDb: undefined,
    ...over,
  });
  await bus.open();
  const heard = (): Float32Array => Float32Array.from(frames.flatMap(({ samples }) => [...samples]));
  return { bus, clock, heard };
}

const tone = (seconds: number): Float32Array =>
  Float32Array.from({ length: seconds * SECOND }, (_, i) => 0.3 * Math.sin(i / 3));
const loudest = (samples: Float32Array): number =>
  samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);

test('what is said is heard where it is said to lie on the recording', async () => {
  const { bus, clock, heard } = await openRoom();
  clock.advance(1000);
  const from = bus.say(tone(0.5));
  clock.advance(1000);
  expect(from).toBe(SECOND);
  expect(loudest(heard().subarray(0, from))).toBeLessThan(0.001);
  expect(loudest(heard().subarray(from, from + 800))).toBeGreaterThan(0.2);
  await bus.close();
});

test('a microphone whose clock is fast delivers more samples in the same time', async () => {
  const { bus, clock, heard } = await openRoom({ driftPpm: 1000 });
  clock.advance(60_000);
  expect(heard().length / SECOND).toBeCloseTo(60.06, 1);
  await bus.close();
});

test('an answer is on the recording when a sound card would have played it', async () => {
  const { bus, clock } = await openRoom();
  await bus.play(1, tone(0.5), SECOND);
  clock.advance(1000);
  const first = bus.recording.loudspeaker.samples.findIndex((sample) => Math.abs(sample) > 0.01);
  expect((first / SECOND) * 1000).toBeGreaterThanOrEqual(40);
  expect((first / SECOND) * 1000).toBeLessThan(60);
  await bus.close();
});

test('the loudspeaker is heard by the microphone, and the capture chain takes it away', async () => {
  const { bus, clock, heard } = await openRoom({ echoDb: -20 });
  for (let i = 0; i < 8; i++) {
    void bus.play(1, tone(1), SECOND);
    clock.advance(1000);
  }
  const microphone = bus.recording.loudFramesSince(0);
  expect(microphone).toBeGreaterThan(700);
  expect(loudest(heard().subarray(7 * SECOND, 7.9 * SECOND))).toBeLessThan(0.01);
  await bus.close();
});
