import { seededRandom } from '../../../main/evaluation/seeded-random.ts';

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
