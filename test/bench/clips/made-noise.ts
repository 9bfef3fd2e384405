import { CLIP_RATE_HZ } from './clip.ts';
import { seededRandom } from '../../../main/evaluation/seeded-random.ts';

/** Noises that need no recordings, at CLIP_RATE_HZ: a cup put down hard, a chair pushed, a drawer with two thuds. */
export const MADE_NOISES: Readonly<Record<string, () => Float32Array>> = {
  knock: () => thuds({ seed: 3, atSeconds: [0], decaySeconds: 0.03 }),
  scrape: () => scrape({ seed: 5, seconds: 0.6 }),
  drawer: () => thuds({ seed: 7, atSeconds: [0, 0.35], decaySeconds: 0.06 }),
};

const THUD_SECONDS = 0.4;

function thuds(options: { seed: number; atSeconds: number[]; decaySeconds: number }): Float32Array {
  const random = seededRandom(options.seed);
  const samples = new Float32Array((Math.max(...options.atSeconds) + THUD_SECONDS) * CLIP_RATE_HZ);
  for (const start of options.atSeconds) {
    let low = 0;
    for (let i = 0; i < THUD_SECONDS * CLIP_RATE_HZ; i++) {
      // One pole at some 600 Hz: wood rather than hiss.
      low += (random() * 2 - 1 - low) * 0.08;
      samples[start * CLIP_RATE_HZ + i]! += low * Math.exp(-i / CLIP_RATE_HZ / options.decaySeconds);
    }
  }
  return samples;
}

function scrape({ seed, seconds }: { seed: number; seconds: number }): Float32Array {
  const random = seededRandom(seed);
  let low = 0;
  return Float32Array.from({ length: seconds * CLIP_RATE_HZ }, (_, i) => {
    low += (random() * 2 - 1 - low) * 0.3;
    const stutter = 0.6 + 0.4 * Math.sin((2 * Math.PI * 23 * i) / CLIP_RATE_HZ);
    return low * stutter * Math.sin((Math.PI * i) / (seconds * CLIP_RATE_HZ));
  });
}
