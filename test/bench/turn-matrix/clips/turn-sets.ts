import { existsSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { resolveModel } from '../../../../main/platform/models/resolve-model.ts';
import { readAudio } from '../../../fixtures/read-audio.ts';
import { labelSpeech } from '../../../../main/evaluation/sound/label-speech.ts';
import { seededRandom, shuffled } from '../../../../main/evaluation/seeded-random.ts';
import type { SpokenCache } from '../../clips/spoken-cache.ts';
import { TEST_DIALOGUE, type SpokenTurn } from './dialogue.ts';
import { TEST_RECORDINGS, type RecordedTurn } from './recorded-turns.ts';
import { turnClip, type TurnClip } from './turn-clip.ts';

const SHUFFLE_SEED = 11;
const VOICE_SOURCE = 'hibari-heart';
/** Around the speech of a part, so that soft first and last sounds stay whole. */
const PART_EDGE_SECONDS = 0.03;

export interface TurnSources {
  modelsDir: string;
  /** Recorded commands and jfk.flac; undefined: these are left out. */
  audioDir: string | undefined;
  spoken: SpokenCache;
}

/** The labelled turns, always in the same order; `coreOnly`: those that are said in every condition. */
export async function turnSet(
  sources: TurnSources,
  options: { coreOnly: boolean; count?: number },
): Promise<TurnClip[]> {
  const isChosen = ({ isCore }: { isCore?: true }): boolean => !options.coreOnly || isCore === true;
  const makers = [
    ...TEST_RECORDINGS.filter(isChosen).map((turn, i) => () => recordedTurn(sources, turn, i)),
    ...TEST_DIALOGUE.filter(isChosen).map((turn) => () => spokenTurn(sources, turn)),
  ];
  const clips: TurnClip[] = [];
  for (const make of shuffled(makers, seededRandom(SHUFFLE_SEED))) {
    if (clips.length >= (options.count ?? Infinity)) break;
    const clip = await make();
    if (clip) clips.push(clip);
  }
  return clips;
}

async function recordedTurn(sources: TurnSources, turn: RecordedTurn, index: number): Promise<TurnClip | undefined> {
  const { file, folder, span, kind, text, speechEndSeconds } = turn;
  const path = recordingPath(sources, turn);
  if (path === undefined) return undefined;
  const { samples, sampleRateHz } = await readAudio(path);
  const [from, to] = span ?? [0, samples.length / sampleRateHz];
  const name = basename(file, extname(file));
  return turnClip({
    id: span ? `${name}-${index}` : name,
    kind,
    source: folder === 'test data' ? 'recorded' : 'read aloud',
    text,
    samples: samples.slice(Math.round(from * sampleRateHz), Math.round(to * sampleRateHz)),
    sampleRateHz,
    speechEndSeconds,
  });
}

function recordingPath({ modelsDir, audioDir }: TurnSources, { file, folder }: RecordedTurn): string | undefined {
  if (folder === 'test data') {
    const path = audioDir && join(audioDir, file);
    return path && existsSync(path) ? path : undefined;
  }
  try {
    return resolveModel('speech-samples', { modelsDir }).path(file);
  } catch {
    return undefined;
  }
}

/** The pauses are silence of exactly the stated length between the last and the first frame of speech, but for the parts' edges. */
async function spokenTurn({ spoken }: TurnSources, { kind, parts }: SpokenTurn): Promise<TurnClip> {
  const pieces: Float32Array[] = [];
  let rate = 0;
  for (const part of parts) {
    if (typeof part === 'number') {
      pieces.push(new Float32Array(Math.round((part / 1000 - 2 * PART_EDGE_SECONDS) * rate)));
      continue;
    }
    const { samples, sampleRateHz } = await spoken.say(part);
    rate = sampleRateHz;
    const { from, to } = labelSpeech(samples, rate);
    const edge = Math.round(PART_EDGE_SECONDS * rate);
    pieces.push(samples.slice(Math.max(0, from - edge), to + edge));
  }
  const text = parts.filter((part) => typeof part === 'string').join(' ');
  const id = text.toLowerCase().replaceAll(/[^a-z ]/g, '').split(' ').slice(0, 5).join('-'); // prettier-ignore
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const samples = new Float32Array(length);
  let at = 0;
  for (const piece of pieces) {
    samples.set(piece, at);
    at += piece.length;
  }
  return turnClip({ id, kind, source: VOICE_SOURCE, text, samples, sampleRateHz: rate });
}
