import { expect, test } from 'vitest';
import { CaptureChain } from '../../../../main/audio/capture-chain/capture-chain.ts';
import { DEFAULT_CAPTURE_CHAIN } from '../../../../main/contract/capture-chain.ts';
import { readWavFile } from '../../../../main/audio/wav-reader.ts';
import { resampleWhole } from '../../../../main/audio/streaming-resampler.ts';
import { echoOf, levelDbfs } from '../../../fixtures/echo-room.ts';

const HZ = 16_000;
const FRAME = 160;
const SLIP_FRAMES = 12;
const SLIP_AT_FRAME = 500;

/** Loudest 100 ms that the app is given in the second and a half after the loudspeaker ran dry for 120 ms in mid-answer. */
async function loudestAfterSlip(duplex: 'auto' | 'full'): Promise<number> {
  const { samples } = await readWavFile(
    new URL('../../../fixtures/audio/what-time-is-it.wav', import.meta.url).pathname,
  );
  const words = samples.subarray(0.3 * HZ, samples.length - 0.5 * HZ);
  const answer16 = new Float32Array(8 * HZ);
  for (let at = 0; at + words.length < answer16.length; at += words.length) answer16.set(words, at);
  const answer48 = await resampleWhole(answer16, { inputRateHz: HZ, outputRateHz: 3 * HZ });
  const sounded = new Float32Array(answer16.length + SLIP_FRAMES * FRAME);
  sounded.set(answer16.subarray(0, SLIP_AT_FRAME * FRAME));
  sounded.set(answer16.subarray(SLIP_AT_FRAME * FRAME), (SLIP_AT_FRAME + SLIP_FRAMES) * FRAME);
  const near = echoOf(sounded, { delayMs: 80, echoDb: -12 });
  const chain = await CaptureChain.create({
    settings: { ...DEFAULT_CAPTURE_CHAIN, duplex },
    loadDenoiser: () => Promise.reject(new Error()),
    onState() {},
  });
  const out = near.slice(0, answer16.length);
  for (let k = 0, written = 0; k < out.length / FRAME; k++) {
    const isDry = k >= SLIP_AT_FRAME && k < SLIP_AT_FRAME + SLIP_FRAMES;
    if (!isDry) chain.farEnd.write(answer48.subarray(3 * FRAME * written, 3 * FRAME * ++written));
    chain.process(out.subarray(k * FRAME, (k + 1) * FRAME));
  }
  chain.close();
  let loudest = -200;
  for (let at = SLIP_AT_FRAME * FRAME; at < (SLIP_AT_FRAME + 150) * FRAME; at += 10 * FRAME) {
    loudest = Math.max(loudest, levelDbfs(out.subarray(at, at + 10 * FRAME)));
  }
  return loudest;
}

test('the echo is kept out after the loudspeaker ran dry and its echo comes later than before', async () => {
  expect(await loudestAfterSlip('full')).toBeGreaterThan(-40);
  expect(await loudestAfterSlip('auto')).toBeLessThan(-48);
});
