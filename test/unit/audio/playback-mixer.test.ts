import { describe, expect, test } from 'vitest';
import { PlaybackMixer } from '../../../main/audio/playback-mixer.ts';
import { StreamingResampler } from '../../../main/audio/streaming-resampler.ts';
import type { PlaybackProgress } from '../../../main/ports/audio-devices.ts';

const OUTPUT_RATE_HZ = 48_000;

async function startMixer(outputRateHz = OUTPUT_RATE_HZ) {
  const progress: PlaybackProgress[] = [];
  const resampler = await StreamingResampler.create({ inputRateHz: outputRateHz, outputRateHz });
  const mixer = new PlaybackMixer({ outputRateHz, resampler, onProgress: (p) => progress.push(p) });
  const pull = (samples: number) => {
    const out = new Float32Array(samples);
    mixer.pull(out);
    mixer.reportHeard(mixer.pulledSamples);
    return out;
  };
  const ended = (answerNumber: number) => progress.find((p) => p.answerNumber === answerNumber && p.ended);
  return { mixer, progress, pull, ended };
}

const constant = (length: number, value = 0.5) => new Float32Array(length).fill(value);
const sine = (length: number, rateHz: number, hz = 440) =>
  Float32Array.from({ length }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hz * i) / rateHz));
const highest = (samples: Float32Array) => samples.reduce((peak, s) => Math.max(peak, Math.abs(s)), 0);

describe('what the loudspeaker gets', () => {
  test('an answer at the device rate comes out sample for sample, then silence', async () => {
    const { mixer, pull, ended } = await startMixer();
    const pcm = sine(1000, OUTPUT_RATE_HZ);
    void mixer.play(1, pcm, OUTPUT_RATE_HZ);
    mixer.endAnswer(1);
    const out = pull(1500);
    expect(out.subarray(0, 1000)).toEqual(pcm);
    expect(highest(out.subarray(1000))).toBe(0);
    expect(ended(1)?.playedSamples).toBe(1000);
  });

  test.each([22_050, 24_000, 16_000, 44_100])('an answer at %i Hz keeps its length and shape', async (rateHz) => {
    const { mixer, pull, ended } = await startMixer();
    const total = rateHz + 137;
    void mixer.play(1, sine(total, rateHz), rateHz);
    mixer.endAnswer(1);
    const blocks: number[] = [];
    while (!ended(1)) blocks.push(...pull(480));
    expect(ended(1)!.playedSamples).toBe(total);
    const expected = sine(OUTPUT_RATE_HZ, OUTPUT_RATE_HZ);
    let worst = 0;
    for (let i = 2000; i < OUTPUT_RATE_HZ - 2000; i++) worst = Math.max(worst, Math.abs(blocks[i]! - expected[i]!));
    expect(worst).toBeLessThan(1e-3);
  });

  test('answers follow each other in the order of their numbers, without a gap', async () => {
    const { mixer, pull, progress } = await startMixer();
    void mixer.play(2, constant(300, 0.2), OUTPUT_RATE_HZ);
    void mixer.play(1, constant(200, 0.1), OUTPUT_RATE_HZ);
    mixer.endAnswer(2);
    mixer.endAnswer(1);
    const out = pull(600);
    expect(out[199]).toBeCloseTo(0.1);
    expect(out[200]).toBeCloseTo(0.2);
    expect(progress.filter((p) => p.ended).map((p) => p.answerNumber)).toEqual([1, 2]);
  });

  test('a later answer waits while an earlier one is not over, and the wait is one underrun', async () => {
    const { mixer, pull } = await startMixer();
    void mixer.play(1, constant(100), OUTPUT_RATE_HZ);
    void mixer.play(2, constant(100, 0.2), OUTPUT_RATE_HZ);
    const out = pull(480);
    pull(480);
    expect(highest(out.subarray(100))).toBe(0);
    expect(mixer.underruns).toBe(1);
    void mixer.play(1, constant(100), OUTPUT_RATE_HZ);
    mixer.endAnswer(1);
    expect(pull(480)[100]).toBeCloseTo(0.2);
  });

  test('ducking reaches its level within the ramp and nothing jumps', async () => {
    const { mixer, pull } = await startMixer();
    void mixer.play(1, constant(48_000), OUTPUT_RATE_HZ);
    pull(480);
    mixer.setGain(-20, 10);
    const out = pull(960);
    expect(out[959]).toBeCloseTo(0.05);
    const steps = Array.from(out.subarray(1), (s, i) => Math.abs(s - out[i]!));
    expect(Math.max(...steps)).toBeLessThan(0.002);
    mixer.setGain(0, 10);
    expect(pull(960)[959]).toBeCloseTo(0.5);
  });
});

describe('stopping', () => {
  test('fades out, drops the rest, and says how much was played', async () => {
    const { mixer, pull, ended } = await startMixer();
    void mixer.play(1, constant(48_000), OUTPUT_RATE_HZ);
    pull(4800);
    const stopped = mixer.stopAnswer(1, 10);
    const out = pull(960);
    expect(out[100]).toBeGreaterThan(0.2);
    expect(highest(out.subarray(480))).toBe(0);
    expect(await stopped).toBe(5280);
    expect(ended(1)?.playedSamples).toBe(5280);
  });

  test('audio that comes later is dropped and its producer does not wait', async () => {
    const { mixer, pull } = await startMixer();
    const waiting = mixer.play(1, constant(480_000), OUTPUT_RATE_HZ);
    pull(480);
    const stopped = mixer.stopAnswer(1);
    await waiting;
    pull(480);
    await stopped;
    await mixer.play(1, constant(480_000), OUTPUT_RATE_HZ);
    expect(highest(pull(960))).toBe(0);
  });

  test('an answer that never sounded ends at zero at once, also one nobody has heard of', async () => {
    const { mixer, pull, ended } = await startMixer();
    void mixer.play(1, constant(48_000), OUTPUT_RATE_HZ);
    void mixer.play(2, constant(48_000), OUTPUT_RATE_HZ);
    pull(480);
    expect(await mixer.stopAnswer(2)).toBe(0);
    expect(await mixer.stopAnswer(7)).toBe(0);
    pull(480);
    expect(ended(2)?.playedSamples).toBe(0);
    expect(ended(7)?.playedSamples).toBe(0);
  });

  test('a second stop gets the same count and there is one end', async () => {
    const { mixer, pull, progress } = await startMixer();
    void mixer.play(1, constant(48_000), OUTPUT_RATE_HZ);
    pull(480);
    const both = [mixer.stopAnswer(1), mixer.stopAnswer(1)];
    pull(960);
    expect(await Promise.all(both)).toEqual([960, 960]);
    expect(await mixer.stopAnswer(1)).toBe(960);
    expect(progress.filter((p) => p.ended)).toHaveLength(1);
  });

  test('without a device that pulls it takes effect at once', async () => {
    const { mixer, pull, ended } = await startMixer();
    void mixer.play(1, constant(48_000), OUTPUT_RATE_HZ);
    pull(480);
    mixer.suspend();
    expect(await mixer.stopAnswer(1)).toBe(480);
    expect(ended(1)?.playedSamples).toBe(480);
  });
});

describe('holding', () => {
  test('goes on from the sample it was held at, and nothing counts as played meanwhile', async () => {
    const { mixer, pull, progress } = await startMixer();
    const pcm = sine(48_000, OUTPUT_RATE_HZ);
    void mixer.play(1, pcm, OUTPUT_RATE_HZ);
    pull(480);
    mixer.setHeld(true, 10);
    pull(960);
    const heldAt = progress.at(-1)!.playedSamples;
    expect(heldAt).toBe(960);
    expect(highest(pull(4800))).toBe(0);
    expect(progress.at(-1)!.playedSamples).toBe(heldAt);
    mixer.setHeld(false, 0);
    expect(pull(480)).toEqual(pcm.subarray(heldAt, heldAt + 480));
    expect(mixer.underruns).toBe(0);
  });

  test('a held answer can be stopped', async () => {
    const { mixer, pull } = await startMixer();
    void mixer.play(1, constant(48_000), OUTPUT_RATE_HZ);
    pull(480);
    mixer.setHeld(true, 0);
    pull(480);
    expect(await mixer.stopAnswer(1)).toBe(480);
  });
});

describe('the ledger', () => {
  test('counts what was heard, not what was pulled', async () => {
    const { mixer, progress } = await startMixer();
    void mixer.play(1, constant(48_000), 24_000);
    const out = new Float32Array(480);
    for (let i = 0; i < 10; i++) mixer.pull(out);
    mixer.reportHeard(2400);
    expect(progress.at(-1)).toEqual({ answerNumber: 1, playedSamples: 1200, ended: false });
    mixer.reportHeard(4800);
    expect(progress.at(-1)?.playedSamples).toBe(2400);
  });

  test('never falls and never exceeds what was given, whatever the sizes', async () => {
    const { mixer, pull, progress } = await startMixer();
    for (const size of [1, 7, 480, 13, 999]) void mixer.play(1, constant(size), 22_050);
    mixer.endAnswer(1);
    for (const size of [1, 33, 480, 2, 5000]) pull(size);
    const counts = progress.map((p) => p.playedSamples);
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect(counts.at(-1)).toBe(1500);
  });

  test('an answer without any audio ends at zero', async () => {
    const { mixer, pull, ended } = await startMixer();
    mixer.endAnswer(3);
    pull(10);
    expect(ended(3)?.playedSamples).toBe(0);
  });
});

test('a producer waits while two seconds are queued and goes on below that', async () => {
  const { mixer, pull } = await startMixer();
  let isThrough = false;
  const playing = mixer.play(1, constant(24_000 * 3), 24_000).then(() => (isThrough = true));
  pull(47_000);
  await Promise.resolve();
  expect(isThrough).toBe(false);
  pull(2000);
  await playing;
  expect(isThrough).toBe(true);
});

test('another device in the middle loses and repeats nothing', async () => {
  const { mixer, pull, ended } = await startMixer();
  const rateHz = 24_000;
  void mixer.play(1, sine(rateHz, rateHz), rateHz);
  mixer.endAnswer(1);
  const first = pull(24_000);
  mixer.setOutputRate(44_100);
  const second = pull(22_050);
  pull(100);
  expect(ended(1)?.playedSamples).toBe(rateHz);
  const expected = sine(44_100, 44_100);
  expect(first[23_000]).toBeCloseTo(sine(48_000, 48_000)[23_000]!, 2);
  for (const i of [1000, 10_000, 20_000]) expect(second[i]).toBeCloseTo(expected[22_050 + i]!, 2);
});

test('closing ends every answer and lets every producer go', async () => {
  const { mixer, pull, ended } = await startMixer();
  const waiting = mixer.play(1, constant(480_000), OUTPUT_RATE_HZ);
  void mixer.play(2, constant(480), OUTPUT_RATE_HZ);
  pull(480);
  mixer.close();
  await waiting;
  expect(ended(1)?.playedSamples).toBe(480);
  expect(ended(2)?.playedSamples).toBe(0);
});
