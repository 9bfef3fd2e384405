import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CaptureChain } from '../../../../main/audio/capture-chain/capture-chain.ts';
import { resampleWhole } from '../../../../main/audio/streaming-resampler.ts';
import { readWavFile } from '../../../../main/audio/wav-reader.ts';
import {
  DEFAULT_CAPTURE_CHAIN,
  type CaptureChainSettings,
  type CaptureChainState,
} from '../../../../main/contract/capture-chain.ts';
import type { Denoiser } from '../../../../main/ports/denoiser.ts';
import { testNoise } from '../../../fixtures/compare-audio.ts';
import { echoOf, levelDbfs, throughChain, type RoomOptions } from '../../../fixtures/echo-room.ts';

const HZ = 16_000;
const SECONDS = 9;
/** The canceller has learnt the room by then. */
const LEARNT_SECONDS = 3;
const DELAY_SAMPLES = 128;
const NOISE_DBFS = -65;
const fixture = (name: string) => new URL(`../../../fixtures/audio/${name}.wav`, import.meta.url).pathname;

let answer16: Float32Array;
let answer48: Float32Array;
let user: Float32Array;

beforeAll(async () => {
  const said = await Promise.all(['hello', 'what-time-is-it', 'stop-wait'].map((name) => readWavFile(fixture(name))));
  answer16 = new Float32Array(SECONDS * HZ);
  let at = HZ / 2;
  for (let i = 0; at < answer16.length - HZ; i++) {
    const { samples } = said[i % said.length]!;
    answer16.set(samples.subarray(0, answer16.length - HZ - at), at);
    at += samples.length;
  }
  answer48 = await resampleWhole(answer16, { inputRateHz: HZ, outputRateHz: 48_000 });
  user = (await readWavFile(fixture('tell-me-about-cats'))).samples.map((sample) => sample * 0.5);
});

describe('the capture chain', () => {
  let chain: CaptureChain | undefined;
  afterEach(() => chain?.close());
  const states: CaptureChainState[] = [];

  async function make(settings: Partial<CaptureChainSettings> = {}, loadDenoiser = noDenoiser): Promise<CaptureChain> {
    states.length = 0;
    chain = await CaptureChain.create({
      settings: { ...DEFAULT_CAPTURE_CHAIN, highPass: false, ...settings },
      loadDenoiser,
      onState: (state) => states.push(state),
    });
    return chain;
  }

  const rooms: RoomOptions[] = [
    { delayMs: 50, echoDb: -20 },
    { delayMs: 120, echoDb: -20 },
    { delayMs: 50, echoDb: -6 },
    { delayMs: 120, echoDb: -6 },
    { delayMs: 80, echoDb: -6, driftPpm: 200 },
    { delayMs: 80, echoDb: -6, driftPpm: -200 },
  ];
  test.each(rooms)('takes an echo of $echoDb dB after $delayMs ms out, drift $driftPpm ppm', async (room) => {
    const near = echoOf(answer16, { ...room, noiseDbfs: NOISE_DBFS });
    const out = throughChain(await make(), { far48: answer48, near });
    const echo = levelDbfs(near.subarray(LEARNT_SECONDS * HZ, 8 * HZ));
    const left = levelDbfs(out.subarray(LEARNT_SECONDS * HZ, 8 * HZ));
    expect(echo).toBeGreaterThan(NOISE_DBFS + 15);
    // No louder above the room's noise than would be taken for speech.
    expect(left).toBeLessThan(NOISE_DBFS + 10);
    expect(states.at(-1)!.erleDb).toBeGreaterThan(10);
    expect(states.some(({ halfDuplex }) => halfDuplex)).toBe(false);
  });

  // What the canceller cannot tell from the echo it lowers with it: a voice loses nothing while it is well above the echo, and
  // 5.7 dB when the two are equally loud.
  const overlaps = [
    { delayMs: 50, echoDb: -20, answerDb: 0, lossDb: 1.5 },
    { delayMs: 120, echoDb: -20, answerDb: 0, lossDb: 1.5 },
    { delayMs: 50, echoDb: -6, answerDb: -12, lossDb: 2 },
    { delayMs: 120, echoDb: -6, answerDb: -12, lossDb: 2 },
    { delayMs: 80, echoDb: -6, answerDb: -12, driftPpm: 200, lossDb: 2 },
    { delayMs: 80, echoDb: -6, answerDb: -12, driftPpm: -200, lossDb: 2 },
    { delayMs: 80, echoDb: -6, answerDb: 0, lossDb: 6.5 },
  ];
  const spoken = 'a voice over an answer of $answerDb dB with an echo of $echoDb dB, $delayMs ms, $driftPpm ppm,';
  test.each(overlaps)(`${spoken} loses at most $lossDb dB`, async ({ answerDb, lossDb, ...room }) => {
    const quieter = (samples: Float32Array) => samples.map((sample) => sample * 10 ** (answerDb / 20));
    const near = echoOf(quieter(answer16), { ...room, noiseDbfs: NOISE_DBFS });
    const at = 5 * HZ;
    user.forEach((sample, i) => (near[at + i]! += sample));
    const out = throughChain(await make(), { far48: quieter(answer48), near });
    const word = [0.35 * HZ, user.length - 0.5 * HZ] as const;
    const said = levelDbfs(user.subarray(...word));
    const heard = levelDbfs(out.subarray(at + DELAY_SAMPLES).subarray(...word));
    expect(Math.abs(heard - said)).toBeLessThan(lossDb);
    expect(states.some(({ halfDuplex }) => halfDuplex)).toBe(false);
  });

  test('leaves the microphone as it is while nothing plays', async () => {
    const near = testNoise(2 * HZ);
    const out = throughChain(await make(), { far48: new Float32Array(6 * HZ), near });
    expect(out).toEqual(near);
  });

  test('begins and ends cancelling without a click', async () => {
    const tone = Float32Array.from({ length: SECONDS * HZ }, (_, i) => 0.3 * Math.sin((2 * Math.PI * 200 * i) / HZ));
    const played = new Float32Array(3 * tone.length);
    played.set(answer48.subarray(0.5 * 48_000, 2 * 48_000), 3 * 48_000);
    const quiet = tone.map((sample, i) => (i < 6 * HZ ? sample : 0));
    const out = throughChain(await make(), { far48: played, near: quiet });
    const jump = (samples: Float32Array) =>
      samples
        .subarray(1, 5.9 * HZ)
        .reduce((largest, sample, i) => Math.max(largest, Math.abs(sample - samples[i]!)), 0);
    expect(states.some(({ echoCancelling }) => echoCancelling)).toBe(true);
    expect(states.at(-1)!.echoCancelling).toBe(false);
    expect(jump(out)).toBeLessThan(jump(tone) * 1.5);
  });

  test('turns the microphone off while an echo comes through that is not cancelled, and on in between', async () => {
    const near = echoOf(answer16, { delayMs: 80, echoDb: -6, noiseDbfs: NOISE_DBFS });
    const out = throughChain(await make({ echoCancellation: false }), { far48: answer48, near });
    expect(states.at(-1)).toMatchObject({ halfDuplex: true, halfDuplexReason: 'echo-not-cancelled' });
    // In its pauses the room is heard.
    expect(levelDbfs(out.subarray(5 * HZ, 7 * HZ))).toBeLessThan(NOISE_DBFS - 5);
    expect(levelDbfs(out.subarray(8.8 * HZ))).toBeCloseTo(levelDbfs(near.subarray(8.8 * HZ)), 0);
  });

  test('half duplex by choice is silent from the first sample of an answer on', async () => {
    const near = echoOf(answer16, { delayMs: 80, echoDb: -6, noiseDbfs: NOISE_DBFS });
    const out = throughChain(await make({ duplex: 'half' }), { far48: answer48, near });
    expect(states.at(-1)).toMatchObject({ halfDuplex: true, halfDuplexReason: 'setting' });
    expect(levelDbfs(out.subarray(0.6 * HZ, 7 * HZ))).toBeLessThan(NOISE_DBFS - 5);
  });

  test('full duplex by choice never turns the microphone off', async () => {
    const near = echoOf(answer16, { delayMs: 80, echoDb: -6, noiseDbfs: NOISE_DBFS });
    const out = throughChain(await make({ duplex: 'full', echoCancellation: false }), { far48: answer48, near });
    expect(out).toEqual(near);
  });

  test('suppresses noise only while it is wanted, and says when it cannot', async () => {
    const far48 = new Float32Array(6 * HZ);
    const near = testNoise(2 * HZ);
    const working = await make({ noiseSuppression: 'on' }, () => Promise.resolve(halving));
    working.process(near.slice(0, 160));
    await Promise.resolve();
    const out = throughChain(working, { far48, near });
    expect(levelDbfs(out.subarray(HZ)) - levelDbfs(near.subarray(HZ))).toBeCloseTo(-6, 0);
    working.setSettings({ ...working.settings, noiseSuppression: 'off' });
    expect(levelDbfs(throughChain(working, { far48, near }).subarray(HZ))).toBeCloseTo(levelDbfs(near.subarray(HZ)), 1);
    working.close();
    const failing = await make({ noiseSuppression: 'on' }, () => Promise.reject(new Error('no WebAssembly')));
    failing.process(near.slice(0, 160));
    await new Promise(setImmediate);
    throughChain(failing, { far48, near });
    expect(states.at(-1)!.unavailable).toEqual(['noiseSuppression']);
  });

  test('auto noise suppression begins in a loud room and ends in a quiet one', async () => {
    const noisy = await make({ noiseSuppression: 'auto' }, () => Promise.resolve(halving));
    const far48 = new Float32Array(3 * 8 * HZ);
    const room = (dbfs: number) => echoOf(new Float32Array(8 * HZ), { delayMs: 0, echoDb: -20, noiseDbfs: dbfs });
    const settle = async (near: Float32Array) => {
      for (let at = 0; at < near.length; at += HZ) {
        throughChain(noisy, { far48, near: near.subarray(at, at + HZ) });
        await new Promise(setImmediate);
      }
    };
    await settle(room(-65));
    expect(states.at(-1)!.denoising).toBe(false);
    await settle(room(-38));
    expect(states.at(-1)!.denoising).toBe(true);
    await settle(room(-65));
    await settle(room(-65));
    expect(states.at(-1)!.denoising).toBe(false);
  });

  test('takes hum below the voice away', async () => {
    const hum = Float32Array.from({ length: 2 * HZ }, (_, i) => 0.2 + 0.1 * Math.sin((2 * Math.PI * 30 * i) / HZ));
    const out = throughChain(await make({ highPass: true }), { far48: new Float32Array(6 * HZ), near: hum });
    // 30 Hz goes down by 17 dB, the offset to nothing.
    expect(levelDbfs(out.subarray(HZ))).toBeLessThan(-39);
  });

  test('automatic gain brings a quiet voice up slowly and never beyond full scale', async () => {
    const near = echoOf(new Float32Array(30 * HZ), { delayMs: 0, echoDb: -20, noiseDbfs: -80 });
    for (let at = HZ; at + user.length < near.length; at += user.length) {
      user.forEach((sample, i) => (near[at + i]! += sample * 0.1));
    }
    const out = throughChain(await make({ automaticGain: true }), { far48: new Float32Array(3 * near.length), near });
    expect(levelDbfs(out.subarray(25 * HZ)) - levelDbfs(near.subarray(25 * HZ))).toBeGreaterThan(10);
    expect(levelDbfs(out.subarray(0, 3 * HZ)) - levelDbfs(near.subarray(0, 3 * HZ))).toBeLessThan(6);
    expect(out.every((sample) => Math.abs(sample) <= 1)).toBe(true);
  });

  test('leaves no listener on the process', async () => {
    const count = () => process.listenerCount('uncaughtException') + process.listenerCount('unhandledRejection');
    const before = count();
    await make();
    expect(count()).toBe(before);
  });
});

const noDenoiser = (): Promise<Denoiser> => Promise.reject(new Error('not expected'));

const halving: Denoiser = {
  delaySamples: 0,
  process: (frame) => frame.forEach((sample, i) => (frame[i] = sample / 2)),
  close() {},
};
