import { describe, expect, it } from 'vitest';
import { FRAME_SAMPLES, FrameSpectra } from '../../../../main/engines/cues/frame-spectra.ts';
import { SubharmonicSum } from '../../../../main/engines/cues/subharmonic-sum.ts';
import { voicingPath } from '../../../../main/engines/cues/voicing-path.ts';
import { seededRandom } from '../../../../main/evaluation/seeded-random.ts';

function candidatesOf(at: (t: number) => number) {
  const spectra = new FrameSpectra();
  spectra.analyse(Float32Array.from({ length: FRAME_SAMPLES }, (_, i) => at(i / 16_000)));
  return new SubharmonicSum().candidates(spectra.longPower);
}
const harmonics = (f0Hz: number, from = 1) =>
  candidatesOf((t) =>
    [1, 2, 3, 4, 5, 6, 7, 8]
      .filter((n) => n >= from)
      .reduce((sum, n) => sum + Math.sin(2 * Math.PI * f0Hz * n * t) / n, 0),
  );
const random = seededRandom(3);
const noise = () => candidatesOf(() => 2 * random() - 1);

describe('SubharmonicSum', () => {
  it.each([90, 140, 220, 330])('finds %i Hz in its harmonics, and that they are a voice', (f0Hz) => {
    const [best] = harmonics(f0Hz);
    expect(best!.f0Hz).toBeGreaterThan(0.97 * f0Hz);
    expect(best!.f0Hz).toBeLessThan(1.03 * f0Hz);
    expect(best!.voicing).toBeGreaterThan(0.75);
  });

  it('finds a pitch whose own harmonic is missing, as on a telephone', () => {
    expect(harmonics(140, 2)[0]!.f0Hz).toBeCloseTo(140, -1);
  });

  it('takes noise for much less of a voice', () => {
    const most = Math.max(...Array.from({ length: 20 }, () => noise()[0]?.voicing ?? 0));
    expect(most).toBeLessThan(0.7);
  });
});

describe('voicingPath', () => {
  it('is a voice where there are harmonics, and none in the noise between', () => {
    const frames = Array.from({ length: 60 }, (_, i) => (i >= 20 && i < 40 ? noise() : harmonics(160)));
    const path = voicingPath(frames);
    expect(path[10]!).toBeCloseTo(160, -1);
    expect(path[30]).toBe(0);
    expect(path[50]!).toBeCloseTo(160, -1);
  });

  it('does not follow a single frame to another octave', () => {
    const frames = Array.from({ length: 21 }, (_, i) => (i === 10 ? harmonics(320) : harmonics(160)));
    expect(voicingPath(frames)[10]!).toBeLessThan(200);
  });
});
