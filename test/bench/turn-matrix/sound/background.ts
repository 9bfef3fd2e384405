import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readAudio } from '../../../fixtures/read-audio.ts';
import { gainOf } from '../../clips/frame-levels.ts';
import { seededRandom } from '../../clips/seeded-random.ts';
import { LONG_REQUESTS } from '../../clips/spoken-lines.ts';
import { activeLevel, atLevel, atMatrixRate, joined, MATRIX_RATE_HZ, SPEECH_DBFS } from '../clips/turn-clip.ts';
import type { TurnSources } from '../clips/turn-sets.ts';
import { madeBabble, madeMusic } from './made-sounds.ts';

export type BackgroundName = 'babble' | 'music' | 'bursts';

const MUSIC_SECONDS = 19.2;
const BABBLE_SECONDS = 30;
const BABBLE_VOICES = 5;
const BURSTS_SEED = 53;
/** Between the ends and starts of two bursts. */
const BURST_GAP_SECONDS = { least: 1.5, most: 5 };
const BURST_SECONDS = 1.5;
const BURST_FILES = ['car_horn', 'dog_bark', 'ringing_phone'];

/** A sound that goes on for the whole session, in a loop, so far below the user's level. */
export async function background(
  sources: TurnSources,
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

/** One noise of the test data at the matrix's rate, or undefined where there is none. */
export async function noiseFile({ audioDir }: TurnSources, name: string): Promise<Float32Array | undefined> {
  const path = audioDir && join(audioDir, 'noise', `${name}.flac`);
  return path && existsSync(path) ? atMatrixRate(await readAudio(path)) : undefined;
}

/** 40 s of people who talk; where that recording is missing, five sentences at once over and over. */
async function babble(sources: TurnSources): Promise<Float32Array> {
  const recorded = await noiseFile(sources, 'people_talking');
  if (recorded) return recorded;
  const sentences: Float32Array[] = [];
  for (const text of LONG_REQUESTS) sentences.push(await atMatrixRate(await sources.spoken.say(text)));
  const whole = joined(sentences);
  return madeBabble(Array.from({ length: BABBLE_VOICES }, () => whole), BABBLE_SECONDS); // prettier-ignore
}

async function bursts(sources: TurnSources, dbfs: number): Promise<Float32Array> {
  const random = seededRandom(BURSTS_SEED);
  const sounds = (await Promise.all(BURST_FILES.map((name) => noiseFile(sources, name)))).filter((each) => each);
  if (sounds.length === 0) sounds.push(...[440, 880].map(beep));
  const parts: Float32Array[] = [];
  for (let i = 0; i < 24; i++) {
    const seconds = BURST_GAP_SECONDS.least + random() * (BURST_GAP_SECONDS.most - BURST_GAP_SECONDS.least);
    const sound = sounds[i % sounds.length]!.slice(0, BURST_SECONDS * MATRIX_RATE_HZ);
    parts.push(new Float32Array(Math.round(seconds * MATRIX_RATE_HZ)), atLevel(sound, dbfs));
  }
  return joined(parts);
}

/** A car's horn from nothing: a tone with many overtones. */
function beep(hz: number): Float32Array {
  return Float32Array.from({ length: 0.8 * MATRIX_RATE_HZ }, (_, i) => Math.sign(Math.sin((2 * Math.PI * hz * i) / MATRIX_RATE_HZ))); // prettier-ignore
}

function atRms(samples: Float32Array, dbfs: number): Float32Array {
  const gain = gainOf(dbfs) / activeLevel(samples);
  return samples.map((sample) => sample * gain);
}
