import { NEUTRAL_PROBABILITY } from '../../../main/domain/endpointing/end-probability.ts';
import { phraseShape, type PhraseShape } from '../../../main/domain/endpointing/phrase-shape.ts';
import type { CollectedPause } from './collect-pauses.ts';

/** A pause as the odds see it. */
interface Example {
  shape: PhraseShape;
  sound: number;
  isEnd: boolean;
  weight: number;
}

/** Shapes that share how much the sound says. */
const SOUND_GROUPS: readonly (readonly PhraseShape[])[] = [
  ['question', 'short-answer'],
  ['statement'],
  ['dictating', 'unfinished'],
];
/** What is assumed before the clips are looked at, and how firmly: some shapes are rare in them. */
const PRIOR_LOG_ODDS: Record<PhraseShape, number> = {
  question: 2,
  'short-answer': 2,
  statement: 0,
  dictating: -1,
  unfinished: -2,
};
const PRIOR_SOUND = 1;
const PRIOR_WEIGHT = { words: 0.5, sound: 1 };
/** The synthetic turns were written to have pauses: about three times as many as people make (0.35 in a request, 1 in theirs). */
const WEIGHT_OF_WRITTEN_PAUSE = 0.35;
const STEPS = 20_000;
const STEP = 0.01;

/** Logistic regression by gradient descent: log-odds that a pause is an end, by shape of the words, and by the sound per group. */
export function fitOdds(pauses: readonly CollectedPause[]): Record<PhraseShape, { words: number; sound: number }> {
  const examples = pauses.flatMap(asExample);
  const shapes = SOUND_GROUPS.flat();
  const words = new Map(shapes.map((shape) => [shape, PRIOR_LOG_ODDS[shape]]));
  const sounds = SOUND_GROUPS.map(() => PRIOR_SOUND);
  const groupOf = (shape: PhraseShape): number => SOUND_GROUPS.findIndex((group) => group.includes(shape));
  for (let i = 0; i < STEPS; i++) {
    const wordSteps = new Map(shapes.map((shape) => [shape, PRIOR_WEIGHT.words * (words.get(shape)! - PRIOR_LOG_ODDS[shape])])); // prettier-ignore
    const soundSteps = sounds.map((sound) => PRIOR_WEIGHT.sound * (sound - PRIOR_SOUND));
    for (const { shape, sound, isEnd, weight } of examples) {
      const group = groupOf(shape);
      const error = weight * (probabilityOf(words.get(shape)! + sounds[group]! * sound) - (isEnd ? 1 : 0));
      wordSteps.set(shape, wordSteps.get(shape)! + error);
      soundSteps[group]! += error * sound;
    }
    for (const shape of shapes) words.set(shape, words.get(shape)! - STEP * wordSteps.get(shape)!);
    for (const group of sounds.keys()) sounds[group]! -= STEP * soundSteps[group]!;
  }
  const odds = shapes.map((shape) => [shape, { words: words.get(shape)!, sound: sounds[groupOf(shape)]! }]);
  return Object.fromEntries(odds) as Record<PhraseShape, { words: number; sound: number }>;
}

function asExample({ evidence, isEnd, source }: CollectedPause): Example[] {
  const { text, completeProbability, answersQuestion = false } = evidence;
  if (text === null || text === '') return [];
  const sound = (completeProbability ?? NEUTRAL_PROBABILITY) - NEUTRAL_PROBABILITY;
  const weight = !isEnd && source === 'synthetic' ? WEIGHT_OF_WRITTEN_PAUSE : 1;
  return [{ shape: phraseShape(text, { answersQuestion }), sound, isEnd, weight }];
}

export const probabilityOf = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds));
