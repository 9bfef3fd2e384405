import { seededRandom } from '../seeded-random.ts';
import { ROOM_RATE_HZ } from '../sound/room-sound.ts';

export interface Room {
  /** Until a sound has died away by 60 dB. */
  rt60Seconds: number;
  /** Energy of the direct sound against that of all reflections. */
  directToReverberantDb: number;
}

/** 3 m away in a living room: reflections are stronger than the voice itself. */
export const FAR_ROOM: Room = { rt60Seconds: 0.5, directToReverberantDb: -3 };

const FIRST_REFLECTION_SECONDS = 0.004;
const ROOM_SEED = 23;

/**
 * A sound as it arrives in that room, at the level of its direct sound and as long as before plus the room's tail: direct sound, then
 * noise that dies away exponentially (Polack's model).
 */
export function inRoom(samples: Float32Array, room: Room): Float32Array {
  const taps = reverberation(room);
  const first = Math.round(FIRST_REFLECTION_SECONDS * ROOM_RATE_HZ);
  const heard = new Float32Array(samples.length + first + taps.length);
  heard.set(samples);
  for (let i = 0; i < samples.length; i++) {
    const sample = samples[i]!;
    if (sample === 0) continue;
    const at = i + first;
    for (let lag = 0; lag < taps.length; lag++) heard[at + lag]! += sample * taps[lag]!;
  }
  return heard;
}

/** Down to −40 dB: what comes after is below the room's own noise. */
function reverberation({ rt60Seconds, directToReverberantDb }: Room): Float32Array {
  const random = seededRandom(ROOM_SEED);
  const length = Math.round(((rt60Seconds * 40) / 60) * ROOM_RATE_HZ);
  const taps = Float32Array.from(
    { length },
    (_, i) => (random() * 2 - 1) * 10 ** ((-3 * i) / (rt60Seconds * ROOM_RATE_HZ)),
  );
  const energy = taps.reduce((sum, tap) => sum + tap * tap, 0);
  const gain = Math.sqrt(10 ** (-directToReverberantDb / 10) / energy);
  return taps.map((tap) => tap * gain);
}
