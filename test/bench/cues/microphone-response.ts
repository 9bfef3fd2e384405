interface Biquad {
  b: [number, number, number];
  a: [number, number];
}

const SAMPLE_RATE_HZ = 16_000;

/** Filters of the Audio EQ Cookbook (Bristow-Johnson). */
export function biquad(
  kind: 'low-shelf' | 'high-shelf' | 'peak' | 'high-pass' | 'low-pass',
  { frequencyHz, gainDb = 0, q = 0.7 }: { frequencyHz: number; gainDb?: number; q?: number },
): Biquad {
  const w = (2 * Math.PI * frequencyHz) / SAMPLE_RATE_HZ;
  const [cos, alpha, A] = [Math.cos(w), Math.sin(w) / (2 * q), 10 ** (gainDb / 40)];
  const root = 2 * Math.sqrt(A) * alpha;
  const normal = (b0: number, b1: number, b2: number, a0: number, a1: number, a2: number): Biquad => ({
    b: [b0 / a0, b1 / a0, b2 / a0],
    a: [a1 / a0, a2 / a0],
  });
  switch (kind) {
    case 'peak':
      return normal(1 + alpha * A, -2 * cos, 1 - alpha * A, 1 + alpha / A, -2 * cos, 1 - alpha / A);
    case 'high-pass':
      return normal((1 + cos) / 2, -(1 + cos), (1 + cos) / 2, 1 + alpha, -2 * cos, 1 - alpha);
    case 'low-pass':
      return normal((1 - cos) / 2, 1 - cos, (1 - cos) / 2, 1 + alpha, -2 * cos, 1 - alpha);
    case 'low-shelf':
    case 'high-shelf': {
      const s = kind === 'low-shelf' ? 1 : -1;
      return normal(
        A * (A + 1 - s * (A - 1) * cos + root),
        s * 2 * A * (A - 1 - s * (A + 1) * cos),
        A * (A + 1 - s * (A - 1) * cos - root),
        A + 1 + s * (A - 1) * cos + root,
        s * -2 * (A - 1 + s * (A + 1) * cos),
        A + 1 + s * (A - 1) * cos - root,
      );
    }
    default:
      return kind satisfies never;
  }
}

export function filtered(samples: Float32Array, filters: readonly Biquad[], gainDb = 0): Float32Array {
  const out = samples.map((sample) => sample * 10 ** (gainDb / 20));
  for (const { b, a } of filters) {
    let [x1, x2, y1, y2] = [0, 0, 0, 0];
    for (let i = 0; i < out.length; i++) {
      const x = out[i]!;
      const y = b[0] * x + b[1] * x1 + b[2] * x2 - a[0] * y1 - a[1] * y2;
      [x2, x1, y2, y1] = [x1, x, y1, y];
      out[i] = y;
    }
  }
  // A device clips.
  return out.map((sample) => Math.max(-1, Math.min(1, sample)));
}

/** A microphone and its gain as they come: tilted by up to 8 dB, with a resonance, a low cut, sometimes the band of a telephone. */
export function randomMicrophone(random: () => number): { filters: Biquad[]; gainDb: number } {
  const between = (from: number, to: number): number => from + (to - from) * random();
  const filters = [
    biquad('high-shelf', { frequencyHz: between(1000, 3000), gainDb: between(-8, 8) }),
    biquad('low-shelf', { frequencyHz: between(150, 500), gainDb: between(-8, 6) }),
    biquad('peak', { frequencyHz: 300 * 2 ** between(0, 4), gainDb: between(-6, 6), q: between(0.5, 2) }),
    biquad('high-pass', { frequencyHz: [30, 80, 150, 250][Math.floor(random() * 4)]! }),
  ];
  if (random() < 0.4) filters.push(biquad('low-pass', { frequencyHz: between(3600, 7000) }));
  return { filters, gainDb: between(-15, 6) };
}
