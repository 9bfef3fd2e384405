import { seededRandom } from '../seeded-random.ts';
import { gainOf } from '../sound/frame-levels.ts';
import { madeBabble, madeMusic } from '../sound/made-sounds.ts';
import { activeLevel, atLevel, atRoomRate, joined, ROOM_RATE_HZ, SPEECH_DBFS } from '../sound/room-sound.ts';

export type BackgroundName = 'babble' | 'music' | 'bursts';

/** What backgrounds are made of. */
export interface BackgroundSources {
  /** Speech, for people who talk. */
  say(text: string): Promise<{ samples: Float32Array; sampleRateHz: number }>;
  /** A recorded noise at the room's rate by the name of its file (`people_talking`, `car_horn`, …); undefined where there is none. */
  noise?(name: string): Promise<Float32Array | undefined>;
}

const MUSIC_SECONDS = 19.2;
const BABBLE_SECONDS = 30;
const BABBLE_VOICES = 5;
const BABBLE_LINES = [
  'Tell me a long story about a fox who wanted to fly.',
  'Explain in detail how bread is made, step by step.',
  'Tell me everything you know about the history of Egypt.',
  'Describe a day in the life of a sailor, in detail.',
  'Explain in detail why the sky is blue.',
];
const BURSTS_SEED = 53;
const BURST_COUNT = 24;
/** Between the ends and starts of two bursts. */
const BURST_GAP_SECONDS = { least: 1.5, most: 5 };
const BURST_SECONDS = 1.5;
const BURST_FILES = ['car_horn', 'dog_bark', 'ringing_phone'];

/** A sound that goes on for the whole session, in a loop, so far below the user's level. */
export async function background(
  sources: BackgroundSources,
  { name, snrDb }: { name: BackgroundName; snrDb: number },
): Promise<Float32Array> {
  const dbfs = SPEECH_DBFS - snrDb;
  switch (name) {
    case 'babble':
      return atRms(await babble(sources), dbfs);
    case 'music':
      return atRms(madeMusic(MUSIC_SECONDS), dbfs);
    case 'bursts':
      return bursts(sources, dbfs);
    default:
      return name satisfies never;
  }
}

/** 40 s of people who talk; where that recording is missing, five sentences at once over and over. */
async function babble(sources: BackgroundSources): Promise<Float32Array> {
  const recorded = await sources.noise?.('people_talking');
  if (recorded) return recorded;
  const sentences: Float32Array[] = [];
  for (const text of BABBLE_LINES) sentences.push(await atRoomRate(await sources.say(text)));
  const whole = joined(sentences);
  return madeBabble(Array.from({ length: BABBLE_VOICES }, () => whole), BABBLE_SECONDS); // prettier-ignore
}

async function bursts(sources: BackgroundSources, dbfs: number): Promise<Float32Array> {
  const random = seededRandom(BURSTS_SEED);
  const sounds: Float32Array[] = [];
  for (const name of BURST_FILES) {
    const sound = await sources.noise?.(name);
    if (sound) sounds.push(sound);
  }
  if (sounds.length === 0) sounds.push(...[440, 880].map(beep));
  const parts: Float32Array[] = [];
  for (let i = 0; i < BURST_COUNT; i++) {
    const seconds = BURST_GAP_SECONDS.least + random() * (BURST_GAP_SECONDS.most - BURST_GAP_SECONDS.least);
    const sound = sounds[i % sounds.length]!.slice(0, BURST_SECONDS * ROOM_RATE_HZ);
    parts.push(new Float32Array(Math.round(seconds * ROOM_RATE_HZ)), atLevel(sound, dbfs));
  }
  return joined(parts);
}

/** A car's horn from nothing: a tone with many overtones. */
function beep(hz: number): Float32Array {
  return Float32Array.from({ length: 0.8 * ROOM_RATE_HZ }, (_, i) => Math.sign(Math.sin((2 * Math.PI * hz * i) / ROOM_RATE_HZ))); // prettier-ignore
}

function atRms(samples: Float32Array, dbfs: number): Float32Array {
  const gain = gainOf(dbfs) / activeLevel(samples);
  return samples.map((sample) => sample * gain);
}
