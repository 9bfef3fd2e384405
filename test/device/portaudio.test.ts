import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resampleWhole } from '../../main/audio/streaming-resampler.ts';
import type { CaptureChainSettings } from '../../main/contract/capture-chain.ts';
import { AudioRig } from '../fixtures/audio-rig.ts';
import { locate, longestHole, soundingPart, testNoise } from '../fixtures/compare-audio.ts';
import { pulseMissing, startPulse, type PulseFixture } from '../fixtures/pulse.ts';

const missing = pulseMissing();
if (missing) console.warn(`PortAudio is not tested: ${missing}`);

const WIRE_HZ = 48_000;
const VOICE_HZ = 24_000;
const UNTREATED: CaptureChainSettings = {
  highPass: false,
  echoCancellation: false,
  noiseSuppression: 'off',
  automaticGain: false,
  duplex: 'full',
};
/** A sound server that is held up by other work on the machine makes holes of its own, which say nothing about us. */
const HELD_UP = { retry: 2 };
const DEFAULTS = { inputId: null, outputId: null };

describe.skipIf(missing)('PortAudio on null sinks, through the audio child', () => {
  let pulse: PulseFixture;
  let rig: AudioRig;
  let answerNumber = 0;

  beforeAll(async () => {
    pulse = await startPulse();
    rig = new AudioRig({ ...pulse.env, PULSE_LATENCY_MSEC: '60' });
    // What the microphone gives, not what is made of it.
    rig.client.setCaptureChain(UNTREATED);
    await rig.client.open(DEFAULTS);
    await rig.until(() => rig.frames.length > 0);
  });
  afterAll(async () => {
    await rig?.dispose();
    await pulse?.close();
  });

  test('lists the devices with stable ids, names and kinds', async () => {
    const devices = await rig.client.list();
    const named = (kind: string, name: string) => devices.find((d) => d.kind === kind && d.name === name);
    expect(named('output', 'parley_spk')).toMatchObject({ id: 'output:ALSA:parley_spk', hostApi: 'ALSA' });
    expect(named('output', 'parley_spk2')).toBeDefined();
    expect(named('input', 'parley_mic')).toMatchObject({ id: 'input:ALSA:parley_mic' });
    expect(named('output', 'default')?.isDefault).toBe(true);
    expect(new Set(devices.map((d) => d.id)).size).toBe(devices.length);
  });

  test('captures what is said into the microphone, without holes or slips', HELD_UP, async () => {
    const recording = pulse.record();
    await recording.more(0.3);
    const firstFrame = rig.frames.length;
    await pulse.speak({ samples: testNoise(4 * WIRE_HZ), sampleRateHz: WIRE_HZ });
    await recording.more(0.5);
    const { microphone } = await recording.stop();
    const captured = await resampleWhole(rig.captured(firstFrame), { inputRateHz: 16_000, outputRateHz: WIRE_HZ });
    const said = soundingPart(microphone);
    const reference = await narrowed(microphone.subarray(said.first, said.last));
    const pieceAt = (at: number) => reference.subarray(at, at + WIRE_HZ / 4);
    const places = [0.5, 1.5, 2.5, 3.5].map((second) => {
      const at = Math.round(second * WIRE_HZ);
      const found = locate(captured, pieceAt(at));
      return { lag: found.at - at, match: found.match };
    });
    for (const { lag, match } of places) {
      expect(match).toBeGreaterThan(0.99);
      expect(Math.abs(lag - places[0]!.lag)).toBeLessThanOrEqual(1);
    }
    const starts = rig.frames.map((frame) => frame.startSample);
    expect(starts.every((start, i) => start === i * 160)).toBe(true);
  });

  test('plays an answer without holes or slips and counts every sample', HELD_UP, async () => {
    const answer = testNoise(4 * VOICE_HZ, { seed: 7 });
    const recording = pulse.record();
    await recording.more(0.2);
    await playWhole(rig, ++answerNumber, answer);
    await recording.more(0.3);
    const { loudspeaker } = await recording.stop();
    const expected = await resampleWhole(answer, { inputRateHz: VOICE_HZ, outputRateHz: WIRE_HZ });
    const lags = [0, 1, 2, 3.7].map((second) => {
      const at = Math.round(second * WIRE_HZ);
      const found = locate(loudspeaker, expected.subarray(at, at + WIRE_HZ / 4));
      expect(found.match).toBeGreaterThan(0.999);
      return found.at - at;
    });
    expect(new Set(lags).size).toBe(1);
    expect(rig.ends(answerNumber)).toEqual([{ answerNumber, playedSamples: answer.length, ended: true }]);
  });

  test('a stopped answer falls silent, and as much of it is counted as was on the wire', HELD_UP, async () => {
    const recording = pulse.record();
    await recording.more(0.2);
    const number = ++answerNumber;
    void rig.client.play(number, testNoise(10 * VOICE_HZ, { seed: 3 }), VOICE_HZ);
    await recording.more(1);
    const played = await rig.client.stopAnswer(number);
    await recording.more(1);
    const { loudspeaker } = await recording.stop();
    const { first, last } = soundingPart(loudspeaker);
    const soundedSamples = ((last - first) * VOICE_HZ) / WIRE_HZ;
    // 20 ms: the end of the fade is not above the threshold.
    expect(Math.abs(played - soundedSamples)).toBeLessThan(VOICE_HZ * 0.02);
    expect(loudspeaker.length - last).toBeGreaterThan(WIRE_HZ * 0.5);
    expect(rig.ends(number)).toEqual([{ answerNumber: number, playedSamples: played, ended: true }]);
  });

  test('ducks and holds what is on the wire', async () => {
    const recording = pulse.record();
    await recording.more(0.2);
    const number = ++answerNumber;
    void rig.client.play(number, new Float32Array(3 * VOICE_HZ).fill(0.5), VOICE_HZ);
    rig.client.endAnswer(number);
    await recording.more(0.8);
    rig.client.setGain(-20, 20);
    await recording.more(0.6);
    rig.client.setHeld(true);
    await recording.more(0.6);
    rig.client.setGain(0, 0);
    rig.client.setHeld(false);
    await rig.until(() => rig.ends(number).length === 1);
    const { loudspeaker } = await recording.stop();
    expect(rig.ends(number)[0]!.playedSamples).toBe(3 * VOICE_HZ);
    const { first, last } = soundingPart(loudspeaker);
    const tenths = (level: number) =>
      loudspeaker.subarray(first, last).filter((sample) => Math.abs(Math.abs(sample) - level) < 0.002).length / WIRE_HZ;
    expect(tenths(0.05)).toBeGreaterThan(0.3);
    expect(tenths(0)).toBeGreaterThan(0.3);
    expect(tenths(0.5)).toBeGreaterThan(1.5);
  });

  test('another loudspeaker in the middle of an answer goes on where the first was', HELD_UP, async () => {
    const recording = pulse.record();
    await recording.more(0.2);
    const number = ++answerNumber;
    const answer = testNoise(4 * VOICE_HZ, { seed: 11 });
    const playing = playWhole(rig, number, answer);
    await recording.more(1.5);
    await rig.client.open({ inputId: null, outputId: 'output:ALSA:parley_spk2' });
    await playing;
    await recording.more(0.3);
    const { loudspeaker } = await recording.stop();
    const expected = await resampleWhole(answer, { inputRateHz: VOICE_HZ, outputRateHz: WIRE_HZ });
    const lag = (second: number) => {
      const at = Math.round(second * WIRE_HZ);
      const found = locate(loudspeaker, expected.subarray(at, at + WIRE_HZ / 4));
      expect(found.match).toBeGreaterThan(0.99);
      return found.at - at;
    };
    expect(Math.abs(lag(3.7) - lag(0))).toBeLessThan(WIRE_HZ * 0.25);
    expect(rig.ends(number)[0]!.playedSamples).toBe(answer.length);
    await rig.client.open(DEFAULTS);
    expect(longestHole(loudspeaker)).toBeLessThan(WIRE_HZ * 0.25);
  });

  test('a device that is not there is refused and nothing changes', async () => {
    const opening = rig.client.open({ inputId: 'input:ALSA:gone', outputId: null });
    await expect(opening).rejects.toMatchObject({ code: 'unknown-device', detail: 'input:ALSA:gone' });
    const count = rig.frames.length;
    await rig.until(() => rig.frames.length > count + 10);
  });

  test('a microphone that gives exact zeros is called blocked, until something comes', async () => {
    await rig.until(() => rig.microphone.at(-1) === 'blocked');
    const speaking = pulse.speak({ samples: testNoise(WIRE_HZ), sampleRateHz: WIRE_HZ });
    await rig.until(() => rig.microphone.at(-1) === 'ok');
    await speaking;
  });
});

async function playWhole(rig: AudioRig, answerNumber: number, answer: Float32Array): Promise<void> {
  const piece = VOICE_HZ / 4;
  for (let at = 0; at < answer.length; at += piece) {
    await rig.client.play(answerNumber, answer.subarray(at, at + piece), VOICE_HZ);
  }
  rig.client.endAnswer(answerNumber);
  await rig.until(() => rig.ends(answerNumber).length > 0);
}

/** What can be left of it after 16 kHz. */
async function narrowed(samples: Float32Array): Promise<Float32Array> {
  const narrow = await resampleWhole(samples, { inputRateHz: WIRE_HZ, outputRateHz: 16_000 });
  return resampleWhole(narrow, { inputRateHz: 16_000, outputRateHz: WIRE_HZ });
}
