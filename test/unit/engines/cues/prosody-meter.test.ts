import { describe, expect, it } from 'vitest';
import { ProsodyMeter } from '../../../../main/engines/cues/prosody-meter.ts';
import { seededRandom } from '../../../../main/evaluation/seeded-random.ts';

const RATE = 16_000;

/** Syllables of a voice, four a second: a pulse train through two resonances, whose pitch falls by some semitones over each. */
function voice({ f0Hz = 120, seconds = 2, gain = 0.3, fallSt = 2 } = {}): Float32Array {
  let phase = 0;
  const [b1, b2] = [resonator(600), resonator(1500)];
  return Float32Array.from({ length: seconds * RATE }, (_, i) => {
    const within = ((i / RATE) * 4) % 1;
    phase += (f0Hz * 2 ** ((-fallSt * within) / 12)) / RATE;
    const pulse = phase >= 1 ? 1 : 0;
    phase %= 1;
    const open = within < 0.7 ? Math.sin((Math.PI * within) / 0.7) : 0;
    return gain * open * (b1(pulse) + 0.5 * b2(pulse));
  });
}

function resonator(hz: number): (x: number) => number {
  const r = Math.exp((-Math.PI * 80) / RATE);
  const [a1, a2] = [2 * r * Math.cos((2 * Math.PI * hz) / RATE), -r * r];
  let [y1, y2] = [0, 0];
  return (x) => {
    const y = 0.2 * x + a1 * y1 + a2 * y2;
    [y2, y1] = [y1, y];
    return y;
  };
}

function measured(samples: Float32Array, pieceSamples = samples.length) {
  const meter = new ProsodyMeter();
  meter.begin();
  for (let from = 0; from < samples.length; from += pieceSamples) {
    meter.push(samples.subarray(from, from + pieceSamples));
  }
  return meter.measure();
}

describe('ProsodyMeter', () => {
  it.each([90, 180, 330])('finds the pitch of a voice of %i Hz within half a semitone', (f0Hz) => {
    const middleSt = 12 * Math.log2(f0Hz / 27.5) - 0.7;
    expect(measured(voice({ f0Hz }))!.features.f0P50).toBeCloseTo(middleSt, 0);
  });

  it('counts the syllables of a second', () => {
    expect(measured(voice())!.features.loudnessPeaksPerSecond).toBeGreaterThan(3.4);
    expect(measured(voice())!.features.loudnessPeaksPerSecond).toBeLessThan(4.8);
  });

  it('measures the same whatever the pieces that the audio comes in', () => {
    expect(measured(voice(), 512)).toEqual(measured(voice()));
  });

  it('takes no notice of silence around the voice', () => {
    const padded = new Float32Array(4 * RATE);
    padded.set(voice(), RATE);
    const [bare, within] = [measured(voice())!, measured(padded)!];
    expect(within.features.f0P50).toBeCloseTo(bare.features.f0P50, 1);
    expect(within.speechSeconds).toBeLessThan(2.4);
  });

  it('changes only its measures of level when the same sound is amplified', () => {
    const [quiet, loud] = [measured(voice({ gain: 0.1 }))!.features, measured(voice({ gain: 0.8 }))!.features];
    expect(loud.levelDb - quiet.levelDb).toBeCloseTo(18.06, 1);
    for (const name of ['f0P50', 'alphaRatioV', 'hnrDb', 'loudnessSpread', 'fluxShare'] as const) {
      expect(loud[name], name).toBeCloseTo(quiet[name], 1);
    }
  });

  it('finds no voice in silence, and none worth the name in noise', () => {
    const random = seededRandom(5);
    expect(measured(new Float32Array(2 * RATE))).toBeNull();
    const noise = measured(Float32Array.from({ length: 2 * RATE }, () => 0.2 * (random() - 0.5)));
    expect(noise?.voicedSeconds ?? 0).toBeLessThan(0.1);
  });

  it('forgets the utterance before', () => {
    const meter = new ProsodyMeter();
    meter.begin();
    meter.push(voice());
    meter.begin();
    expect(meter.measure()).toBeNull();
  });
});
