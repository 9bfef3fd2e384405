import { seededRandom } from '../seeded-random.ts';
import { ROOM_RATE_HZ } from './room-sound.ts';

const TWO_PI = 2 * Math.PI;

/** A band that plays: chords of four notes with overtones, a bass and a drum on every beat, 100 beats a minute. */
export function madeMusic(seconds: number): Float32Array {
  const random = seededRandom(41);
  const beat = 0.6 * ROOM_RATE_HZ;
  const chords = [[220, 261.6, 329.6, 440], [174.6, 220, 261.6, 349.2], [261.6, 329.6, 392, 523.3], [196, 246.9, 293.7, 392]]; // prettier-ignore
  return Float32Array.from({ length: Math.round(seconds * ROOM_RATE_HZ) }, (_, i) => {
    const chord = chords[Math.floor(i / (4 * beat)) % chords.length]!;
    const sinceBeat = (i % beat) / ROOM_RATE_HZ;
    const t = i / ROOM_RATE_HZ;
    let tone = 0.8 * Math.sin((TWO_PI * chord[0]! * t) / 2);
    for (const hz of chord) {
      for (let overtone = 1; overtone <= 4; overtone++) tone += Math.sin(TWO_PI * hz * overtone * t) / overtone;
    }
    const drum = (random() * 2 - 1) * 4 * Math.exp(-sinceBeat / 0.04);
    return tone * (0.4 + 0.6 * Math.exp(-sinceBeat / 0.3)) + drum;
  });
}

/** Two coughs: a sharp burst of coloured noise, then a shorter one. */
export function madeCough(): Float32Array {
  const random = seededRandom(43);
  const samples = new Float32Array(0.9 * ROOM_RATE_HZ);
  for (const [startSeconds, decaySeconds, gain] of [
    [0.02, 0.09, 1],
    [0.42, 0.06, 0.7],
  ] as const) {
    // prettier-ignore
    let [low, lower] = [0, 0];
    for (let i = 0; i < 0.4 * ROOM_RATE_HZ; i++) {
      const noise = random() * 2 - 1;
      low += (noise - low) * 0.5;
      lower += (low - lower) * 0.1;
      const t = i / ROOM_RATE_HZ;
      const envelope = Math.min(1, t / 0.008) * Math.exp(-t / decaySeconds);
      samples[Math.round(startSeconds * ROOM_RATE_HZ) + i]! += gain * envelope * (low - lower);
    }
  }
  return samples;
}

/** A door: a latch, then a dull thud that rings on. */
export function madeDoor(): Float32Array {
  const random = seededRandom(47);
  let low = 0;
  return Float32Array.from({ length: 0.8 * ROOM_RATE_HZ }, (_, i) => {
    const t = i / ROOM_RATE_HZ;
    const noise = random() * 2 - 1;
    low += (noise - low) * 0.05;
    const latch = t < 0.02 ? noise * 0.3 : 0;
    const thud = t < 0.12 ? 0 : 6 * low * Math.exp(-(t - 0.12) / 0.08);
    return latch + thud + (t < 0.12 ? 0 : Math.sin(TWO_PI * 70 * t) * Math.exp(-(t - 0.12) / 0.12));
  });
}

/** Several people who speak at once: the same voices, begun at other places. */
export function madeBabble(voices: readonly Float32Array[], seconds: number): Float32Array {
  const length = Math.round(seconds * ROOM_RATE_HZ);
  const babble = new Float32Array(length);
  for (const [v, voice] of voices.entries()) {
    const shift = Math.round((v * length) / voices.length);
    for (let i = 0; i < length; i++) babble[i]! += voice[(i + shift) % voice.length]!;
  }
  return babble;
}
