const FACTOR = 3;
/** Taps at the high rate. 96 keep 7.2 kHz within 1 dB and lower what would fold back from above 8.8 kHz by more than 60 dB. */
const TAPS = 96;
const CUTOFF = 7900 / 48_000;
const KAISER_BETA = 6;

/** Samples at the high rate by which each direction is late. */
export const TRIPLE_RATE_DELAY_SAMPLES = (TAPS - 1) / 2;

/** A mono stream at three times its rate: 16 kHz to 48 kHz. */
export class TripleRateUp {
  readonly #phases = phasesOf(lowPass());
  readonly #history = new Float32Array(TAPS / FACTOR - 1);

  /** `output` is three times as long as `input`. */
  process(input: Float32Array, output: Float32Array): void {
    const line = join(this.#history, input);
    for (let i = 0; i < input.length; i++) {
      for (let phase = 0; phase < FACTOR; phase++) {
        const taps = this.#phases[phase]!;
        let sum = 0;
        for (let k = 0; k < taps.length; k++) sum += taps[k]! * line[i + taps.length - 1 - k]!;
        output[i * FACTOR + phase] = sum * FACTOR;
      }
    }
    this.#history.set(line.subarray(input.length));
  }
}

/** The way back: every third sample of what the low band leaves. */
export class TripleRateDown {
  readonly #taps = lowPass();
  readonly #history = new Float32Array(TAPS - 1);

  /** `input` is three times as long as `output`. */
  process(input: Float32Array, output: Float32Array): void {
    const line = join(this.#history, input);
    for (let i = 0; i < output.length; i++) {
      let sum = 0;
      // The taps are symmetric: which end comes first makes no difference.
      for (let k = 0; k < TAPS; k++) sum += this.#taps[k]! * line[i * FACTOR + k]!;
      output[i] = sum;
    }
    this.#history.set(line.subarray(input.length));
  }
}

function join(history: Float32Array, input: Float32Array): Float32Array {
  const line = new Float32Array(history.length + input.length);
  line.set(history);
  line.set(input, history.length);
  return line;
}

function phasesOf(taps: Float32Array): Float32Array[] {
  return Array.from({ length: FACTOR }, (_, phase) => taps.filter((_tap, k) => k % FACTOR === phase));
}

/** A Kaiser-windowed sinc whose taps add up to 1. */
function lowPass(): Float32Array {
  const taps = Float32Array.from({ length: TAPS }, (_, k) => {
    const t = k - (TAPS - 1) / 2;
    const edge = (2 * k) / (TAPS - 1) - 1;
    const window = bessel(KAISER_BETA * Math.sqrt(1 - edge * edge)) / bessel(KAISER_BETA);
    return (Math.sin(2 * Math.PI * CUTOFF * t) / (Math.PI * t)) * window;
  });
  const sum = taps.reduce((total, tap) => total + tap, 0);
  return taps.map((tap) => tap / sum);
}

/** The modified Bessel function of the first kind, order 0. */
function bessel(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; k < 30; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
