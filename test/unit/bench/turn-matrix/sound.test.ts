import { expect, test } from 'vitest';
import { ROOM_RATE_HZ, activeLevel, atLevel } from '../../../../main/evaluation/sound/room-sound.ts';
import { turnClip } from '../../../bench/turn-matrix/clips/turn-clip.ts';
import {
  bluetoothHeadset,
  losingPackets,
  overdriven,
  type MicrophoneEffect,
} from '../../../../main/evaluation/room/microphone-effects.ts';
import { FAR_ROOM, inRoom } from '../../../../main/evaluation/room/room-response.ts';

const tone = (hz: number, seconds: number, amplitude = 0.2): Float32Array =>
  Float32Array.from(
    { length: seconds * ROOM_RATE_HZ },
    (_, i) => amplitude * Math.sin((2 * Math.PI * hz * i) / ROOM_RATE_HZ),
  );

function through(effect: MicrophoneEffect, samples: Float32Array): Float32Array {
  const out = samples.slice();
  for (let at = 0; at + 160 <= out.length; at += 160) effect(out.subarray(at, at + 160));
  return out;
}

const level = (samples: Float32Array): number => Math.sqrt(samples.reduce((sum, s) => sum + s * s, 0) / samples.length);
const db = (ratio: number): number => 20 * Math.log10(ratio);

test('the headset lets a voice pass and cuts what is above and below a telephone', () => {
  const gainAt = (hz: number): number => db(level(through(bluetoothHeadset(), tone(hz, 1))) / level(tone(hz, 1)));
  expect(gainAt(1000)).toBeCloseTo(0, 0);
  expect(gainAt(7000)).toBeLessThan(-20);
  expect(gainAt(80)).toBeLessThan(-20);
});

test('one frame in ten is lost', () => {
  const frames = through(losingPackets(), new Float32Array(160 * 2000).fill(1));
  const lost = frames.filter((sample) => sample === 0).length / frames.length;
  expect(lost).toBeGreaterThan(0.07);
  expect(lost).toBeLessThan(0.13);
});

test('a gain that is too high cuts the peaks off', () => {
  const out = through(overdriven(24), tone(300, 0.1));
  expect(Math.max(...out)).toBe(1);
});

test('in the far room a sound goes on after its end, with the stated energy against the direct sound', () => {
  const impulse = new Float32Array(10);
  impulse[0] = 1;
  const response = inRoom(impulse, FAR_ROOM);
  const direct = response[0]! ** 2;
  const reflected = response.slice(1).reduce((sum, sample) => sum + sample * sample, 0);
  expect(db(Math.sqrt(direct / reflected))).toBeCloseTo(FAR_ROOM.directToReverberantDb, 1);
});

test('a clip has its level while there is speech, its label and its pauses', async () => {
  const samples = new Float32Array(2 * ROOM_RATE_HZ);
  samples.set(tone(300, 0.5), 0);
  samples.set(tone(300, 0.5), ROOM_RATE_HZ);
  const clip = await turnClip({
    id: 't',
    kind: 'um',
    source: 'made',
    text: null,
    samples,
    sampleRateHz: ROOM_RATE_HZ,
  });
  expect(db(activeLevel(clip.samples))).toBeCloseTo(-24, 1);
  expect(clip.pausesMs).toEqual([500]);
  expect((clip.speech.to - clip.speech.from) / ROOM_RATE_HZ).toBeCloseTo(1.5, 1);
  expect(db(activeLevel(atLevel(samples, -30)))).toBeCloseTo(-30, 1);
});
