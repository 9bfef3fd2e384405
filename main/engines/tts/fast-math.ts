/**
 * Table versions of the transcendental functions that spectral synthesis calls about a million times for a sentence.
 * Math.exp, cos and tanh would cost more there than the neural network; the error of these (below −65 dB of the value)
 * lies under the voice's own noise.
 */
const TURN_STEPS = 8192;
const TURN_MASK = TURN_STEPS - 1;
/** cos over one turn, with a quarter turn more so that sin is the same table read later. */
const COSINE = Float32Array.from({ length: TURN_STEPS * 1.25 }, (_, i) => Math.cos((2 * Math.PI * i) / TURN_STEPS));
const SINE_OFFSET = TURN_STEPS * 0.75;
const STEPS_PER_RADIAN = TURN_STEPS / (2 * Math.PI);

const FRACTION_STEPS = 4096;
const FRACTION_POWERS = Float32Array.from({ length: FRACTION_STEPS }, (_, i) => 2 ** ((i + 0.5) / FRACTION_STEPS));
const LOWEST_EXPONENT = -32;
const HIGHEST_EXPONENT = 32;
const WHOLE_POWERS = Float32Array.from(
  { length: HIGHEST_EXPONENT - LOWEST_EXPONENT + 1 },
  (_, i) => 2 ** (i + LOWEST_EXPONENT),
);

/** Index of an angle in the tables, for `cosineAt` and `sineAt`; any finite angle below 2^31 steps. */
export function angleIndex(radians: number): number {
  return (radians * STEPS_PER_RADIAN + 0.5) & TURN_MASK;
}

export function cosineAt(index: number): number {
  return COSINE[index]!;
}

export function sineAt(index: number): number {
  return COSINE[(index + SINE_OFFSET) & TURN_MASK]!;
}

/** e^x; 0 below e^-22, clamped above e^22. */
export function fastExp(x: number): number {
  const exponent = x * Math.LOG2E;
  if (!(exponent >= LOWEST_EXPONENT)) return 0;
  if (exponent >= HIGHEST_EXPONENT) return WHOLE_POWERS[WHOLE_POWERS.length - 1]!;
  const whole = Math.floor(exponent);
  return WHOLE_POWERS[whole - LOWEST_EXPONENT]! * FRACTION_POWERS[((exponent - whole) * FRACTION_STEPS) | 0]!;
}

export function fastTanh(x: number): number {
  return 1 - 2 / (fastExp(2 * x) + 1);
}

/** Mulberry32: small, seedable, good enough for noise. Returns 0…1. */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Standard normal numbers (Box–Muller), the same ones for the same seed. */
export function gaussianTable(length: number, seed: number): Float32Array {
  const random = seededRandom(seed);
  const table = new Float32Array(length);
  for (let i = 0; i < length; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    table[i] = radius * Math.cos(angle);
    if (i + 1 < length) table[i + 1] = radius * Math.sin(angle);
  }
  return table;
}
