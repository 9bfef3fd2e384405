import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { testDataPath } from '../../model/listener-speech.ts';

/**
 * The Berlin Database of Emotional Speech (Burkhardt et al. 2005): actors say ten German sentences in seven ways. Acted speech: conversation is much
 * harder. Its audio is no part of this project.
 */
export const EMODB_DIR = testDataPath('emodb');
export const hasEmodb = (): boolean => existsSync(EMODB_DIR);

/** The sixth character of a clip's name. Arousal as usual for this corpus: anger, fear and happiness are high. */
export const EMOTIONS = [
  { letter: 'W', name: 'anger', aroused: true, pleasant: false },
  { letter: 'F', name: 'happiness', aroused: true, pleasant: true },
  { letter: 'A', name: 'fear', aroused: true, pleasant: false },
  { letter: 'N', name: 'neutral', aroused: false, pleasant: true },
  { letter: 'L', name: 'boredom', aroused: false, pleasant: false },
  { letter: 'T', name: 'sadness', aroused: false, pleasant: false },
  { letter: 'E', name: 'disgust', aroused: false, pleasant: false },
] as const;

export interface Label {
  speaker: string;
  /** Index in EMOTIONS. */
  emotion: number;
  aroused: boolean;
  pleasant: boolean;
}

export function emodbClips(): { name: string; path: string }[] {
  const files = readdirSync(EMODB_DIR).filter((file) => file.endsWith('.flac'));
  return files.sort().map((file) => ({ name: basename(file, '.flac'), path: join(EMODB_DIR, file) }));
}

export function labelOf(name: string): Label {
  const emotion = EMOTIONS.findIndex(({ letter }) => letter === name[5]);
  const { aroused, pleasant } = EMOTIONS[emotion]!;
  return { speaker: name.slice(0, 2), emotion, aroused, pleasant };
}
