import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { BackgroundSources } from '../../../../main/evaluation/room/background.ts';
import { atRoomRate } from '../../../../main/evaluation/sound/room-sound.ts';
import { readAudio } from '../../../fixtures/read-audio.ts';
import type { TurnSources } from './turn-sets.ts';

/** One noise of the test data at the room's rate, or undefined where there is none. */
export async function noiseFile({ audioDir }: TurnSources, name: string): Promise<Float32Array | undefined> {
  const path = audioDir && join(audioDir, 'noise', `${name}.flac`);
  return path && existsSync(path) ? atRoomRate(await readAudio(path)) : undefined;
}

export function backgroundSources(sources: TurnSources): BackgroundSources {
  return { say: (text) => sources.spoken.say(text), noise: (name) => noiseFile(sources, name) };
}
