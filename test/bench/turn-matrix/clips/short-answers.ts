import { ParleyError } from '../../../../main/contract/errors.ts';
import { resolveModel } from '../../../../main/platform/models/resolve-model.ts';
import { seededRandom, shuffled } from '../../../../main/evaluation/seeded-random.ts';
import type { BenchVoice } from '../../clips/spoken-cache.ts';
import { turnClip, type TurnClip } from './turn-clip.ts';
import type { TurnSources } from './turn-sets.ts';

const WORDS = ['Yes.', 'No.'];
const SPEEDS = [1, 0.85, 1.2];
/** Of a microphone that is near, of one at arm's length, and of one that is turned too low. */
const LEVELS_DBFS = [-24, -32, -40];
const SPEAKERS = ['af_bella', 'af_heart', 'af_nicole', 'am_fenrir', 'am_michael', 'am_puck', 'bf_emma', 'bm_george'];
const VOICES: readonly BenchVoice[] = [
  { model: 'hibari-heart' },
  { model: 'piper-joe-medium' },
  ...SPEAKERS.map((speaker) => ({ model: 'kokoro-v1.0-int8', speaker }) as const),
];
const SHUFFLE_SEED = 83;

/** So many turns of one word, in all voices that are installed (or in the default one alone), at three speeds and three levels. */
export async function shortAnswers(
  sources: TurnSources,
  { count, coreOnly }: { count: number; coreOnly: boolean },
): Promise<TurnClip[]> {
  const voices = VOICES.slice(0, coreOnly ? 1 : undefined).filter((voice) => isInstalled(sources.modelsDir, voice));
  const clips: TurnClip[] = [];
  for (let i = 0; i < count; i++) {
    // Voice by voice: each of them is loaded once.
    const voice = voices[Math.floor((i * voices.length) / count)]!;
    const [text, speed, dbfs] = [pick(WORDS, i), pick(SPEEDS, Math.floor(i / 2)), pick(LEVELS_DBFS, Math.floor(i / 6))];
    const sound = await sources.spoken.say(text, { voice, speed });
    const source = voice.speaker ?? voice.model;
    clips.push(
      await turnClip({
        id: `${text.slice(0, -1)} ${source} ×${speed} ${dbfs} dB #${i}`,
        kind: 'short',
        source,
        text,
        ...sound,
        dbfs,
      }),
    );
  }
  return shuffled(clips, seededRandom(SHUFFLE_SEED));
}

function pick<T>(items: readonly T[], i: number): T {
  return items[i % items.length]!;
}

function isInstalled(modelsDir: string, { model }: BenchVoice): boolean {
  try {
    resolveModel(model, { modelsDir });
    if (model !== 'hibari-heart') resolveModel('espeak-ng-data', { modelsDir });
    return true;
  } catch (error) {
    if (error instanceof ParleyError) return false;
    throw error;
  }
}
