import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RnnoiseDenoiser } from '../../main/engines/denoise/rnnoise.ts';
import { readWavFile } from '../../main/audio/wav-reader.ts';
import { testNoise } from '../fixtures/compare-audio.ts';
import { levelDbfs } from '../fixtures/echo-room.ts';

const FRAME = 160;

describe('RNNoise', () => {
  let denoiser: RnnoiseDenoiser;
  beforeEach(async () => {
    denoiser = await RnnoiseDenoiser.load();
  });
  afterEach(() => denoiser.close());

  function denoised(samples: Float32Array): Float32Array {
    const out = samples.slice();
    for (let at = 0; at + FRAME <= out.length; at += FRAME) denoiser.process(out.subarray(at, at + FRAME));
    return out;
  }

  test('takes steady noise away', () => {
    const noise = testNoise(5 * 16_000, { amplitude: 0.05 });
    expect(levelDbfs(denoised(noise).subarray(32_000))).toBeLessThan(levelDbfs(noise) - 15);
  });

  test('lets a voice through, as late as it says', async () => {
    const { samples } = await readWavFile(
      new URL('../fixtures/audio/tell-me-about-cats.wav', import.meta.url).pathname,
    );
    const padded = new Float32Array(samples.length + 3200);
    padded.set(samples);
    const out = denoised(padded);
    const match = (lag: number) => correlation(samples, out.subarray(lag, lag + samples.length));
    expect(match(denoiser.delaySamples)).toBeGreaterThan(0.95);
    expect(match(denoiser.delaySamples)).toBeGreaterThan(
      Math.max(match(denoiser.delaySamples - 8), match(denoiser.delaySamples + 8)),
    );
    expect(Math.abs(levelDbfs(out) - levelDbfs(padded))).toBeLessThan(1);
  });

  test('refuses what is not a frame', () => {
    expect(() => denoiser.process(new Float32Array(480))).toThrow(expect.objectContaining({ code: 'bad-input' }));
  });
});

function correlation(a: Float32Array, b: Float32Array): number {
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    ab += a[i]! * b[i]!;
    aa += a[i]! * a[i]!;
    bb += b[i]! * b[i]!;
  }
  return ab / Math.sqrt(aa * bb);
}
