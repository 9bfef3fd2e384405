import { seededRandom } from '../clips/seeded-random.ts';

const RATE = 16_000;

/** Sounds without a mood of the speaker, made here because there are no recordings of them in the project. */
export function madeSounds(voice: Float32Array): { name: string; samples: Float32Array }[] {
  const random = seededRandom(99);
  const made = (seconds: number, at: (t: number) => number): Float32Array =>
    Float32Array.from({ length: seconds * RATE }, (_, i) => at(i / RATE));
  const noise = (): number => 2 * random() - 1;
  const tone = (hz: number, t: number): number =>
    [1, 0.5, 0.35, 0.2].reduce((sum, gain, i) => sum + gain * Math.sin(2 * Math.PI * hz * (i + 1) * t), 0) / 3;
  const notes = [262, 330, 392, 523, 440, 349];
  return [
    { name: 'silence', samples: new Float32Array(3 * RATE) },
    { name: 'white noise', samples: made(3, () => 0.1 * noise()) },
    {
      name: 'music (a tune with chords)',
      samples: made(4, (t) => {
        const note = notes[Math.floor(t * 2) % notes.length]!;
        const fade = Math.exp(-3 * ((t * 2) % 1));
        return 0.3 * fade * (tone(note, t) + 0.6 * tone(note * 1.26, t) + 0.6 * tone(note / 2, t));
      }),
    },
    { name: 'whispering (the voice taken out of a clip)', samples: whispered(voice, noise) },
    {
      name: 'laughter (bursts of a falling voice)',
      samples: made(2.5, (t) => {
        const within = (t * 5.5) % 1;
        const hz = 420 - 60 * t - 90 * within;
        const open = within < 0.4 ? Math.sin((Math.PI * within) / 0.4) : 0;
        return 0.4 * open * tone(hz, t) + 0.12 * (within < 0.6 ? noise() : 0);
      }),
    },
  ];
}

/** A clip's spectrum over time, carried by noise instead of a voice: linear prediction, 10 ms at a time. */
function whispered(voice: Float32Array, noise: () => number): Float32Array {
  const order = 16;
  const hop = 160;
  const out = new Float32Array(voice.length);
  for (let from = 0; from + 2 * hop <= voice.length; from += hop) {
    const frame = Float64Array.from(
      voice.subarray(from, from + 2 * hop),
      (value, i) => value * (0.5 - 0.5 * Math.cos((Math.PI * i) / hop)),
    );
    const correlation = Array.from({ length: order + 1 }, (_, lag) => {
      let sum = lag === 0 ? 1e-9 : 0;
      for (let i = lag; i < frame.length; i++) sum += frame[i]! * frame[i - lag]!;
      return sum;
    });
    const a = [1];
    let error = correlation[0]!;
    for (let m = 1; m <= order; m++) {
      let sum = 0;
      for (let i = 0; i < m; i++) sum += a[i]! * correlation[m - i]!;
      const k = -sum / error;
      const before = a.slice();
      a.push(0);
      for (let i = 1; i <= m; i++) a[i] = a[i]! + k * (before[m - i] ?? 0);
      error *= 1 - k * k;
    }
    const gain = Math.sqrt(error / hop) * 1.7;
    for (let i = from; i < from + hop; i++) {
      let value = gain * noise();
      for (let j = 1; j <= order && i - j >= 0; j++) value -= a[j]! * out[i - j]!;
      out[i] = Math.max(-1, Math.min(1, value));
    }
  }
  return out;
}

const WAYS = {
  gently: { f0Hz: 108, syllablesPerSecond: 3, fallSt: 2, level: 0.15, bright: 0.15 },
  plainly: { f0Hz: 122, syllablesPerSecond: 3.8, fallSt: 3, level: 0.3, bright: 0.4 },
  sharply: { f0Hz: 185, syllablesPerSecond: 5, fallSt: 7, level: 0.6, bright: 1.1 },
};

/** A name of four syllables by a simple voice: pulses through three resonances. The seed varies it as people vary. */
export function madeName(way: keyof typeof WAYS, seed: number): Float32Array {
  const random = seededRandom(seed);
  const vary = (value: number): number => value * (0.95 + 0.1 * random());
  const { f0Hz, syllablesPerSecond, fallSt, level, bright } = WAYS[way];
  const [pitch, rate, high] = [vary(f0Hz), vary(syllablesPerSecond), vary(bright)];
  const resonances = [620, 1350, 2600].map((hz) => resonance(vary(hz)));
  let phase = 0;
  return Float32Array.from({ length: Math.round((4 / rate) * RATE) }, (_, i) => {
    const at = (i / RATE) * rate;
    phase +=
      (pitch *
        (1 + 0.01 * (random() - 0.5)) *
        2 ** ((-fallSt * at) / 48 + (fallSt / 24) * Math.sin(Math.PI * (at % 1)))) /
      RATE;
    const pulse = phase >= 1 ? 1 : 0;
    phase %= 1;
    const open = Math.sin(Math.PI * Math.min(1, (at % 1) / 0.75)) * (at % 1 < 0.75 ? 1 : 0);
    const [first, second, third] = resonances.map((each) => each(pulse)) as [number, number, number];
    return level * (open * (first + high * second + 0.6 * high * third) + 0.004 * (random() - 0.5));
  });
}

function resonance(hz: number): (x: number) => number {
  const radius = Math.exp((-Math.PI * 90) / RATE);
  const [a1, a2] = [2 * radius * Math.cos((2 * Math.PI * hz) / RATE), -radius * radius];
  let [y1, y2] = [0, 0];
  return (x) => {
    const y = 0.25 * x + a1 * y1 + a2 * y2;
    [y2, y1] = [y1, y];
    return y;
  };
}
