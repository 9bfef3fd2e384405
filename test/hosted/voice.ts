import { homedir } from 'node:os';
import { resolvePaths } from '../../main/platform/paths.ts';
import { SpokenCache } from '../bench/clips/spoken-cache.ts';

export interface SpokenLine {
  samples: Float32Array;
  sampleRateHz: number;
}

/** What is said to a model, in the starter's voice; the models' own words decide nothing but what is asked of them here. */
const LINES = {
  question: 'What colour is a ripe banana?',
  weather: 'What is the weather like in Oslo right now?',
  story: 'Tell me a long story about a fox who wanted to fly.',
  interruption: 'What is two plus two?',
  name: 'What is my name?',
} as const;

export type Lines = Record<keyof typeof LINES, SpokenLine>;

/** Made once and kept. Throws `model-missing` when the starter's voice is not installed. */
export async function spokenLines(): Promise<Lines> {
  const { env, platform } = process;
  const { modelsDir, cacheDir } = resolvePaths({ platform, env, homeDir: homedir(), workingDir: process.cwd() });
  const cache = new SpokenCache({ modelsDir, cacheDir });
  try {
    const spoken: [string, SpokenLine][] = [];
    for (const [name, text] of Object.entries(LINES)) spoken.push([name, await cache.say(text)]);
    return Object.fromEntries(spoken) as Lines;
  } finally {
    await cache.close();
  }
}
