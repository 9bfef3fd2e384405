import {
  isSentenceEndTelling,
  NEUTRAL_PROBABILITY,
  sentenceTerm,
} from '../../../main/domain/endpointing/end-probability.ts';
import { phraseShape, type PhraseShape } from '../../../main/domain/endpointing/phrase-shape.ts';
import type { CollectedPause } from './collect-pauses.ts';

/** A pause as the odds see it. */
interface Example {
  shape: PhraseShape;
  sound: number;
  sentence: number;
  isEnd: boolean;
  weight: number;
}

/** Shapes that share how much the sound says. */
const SOUND_GROUPS: readonly (readonly PhraseShape[])[] = [
  ['question', 'short-answer'],
  ['statement'],
  ['dictating', 'unfinished'],
];
/** Shapes that share how much the language model's word on the sentence says. */
const SENTENCE_GROUPS: readonly (readonly PhraseShape[])[] = [['question', 'statement']];
/** What is assumed before the clips are looked at, and how firmly: some shapes are rare in them. */
const PRIOR_LOG_ODDS: Record<PhraseShape, number> = {
  question: 2,
  'short-answer': 2,
  statement: 0,
  dictating: -1,
  unfinished: -2,
};
const PRIOR_SOUND = 1;
const PRIOR_SENTENCE = 0.5;
const PRIOR_WEIGHT = { words: 0.5, sound: 1, sentence: 4 };
/** The synthetic turns were written to have pauses: about three times as many as people make (0.35 in a request, 1 in theirs). */
const WEIGHT_OF_WRITTEN_PAUSE = 0.35;
const STEPS = 20_000;
const STEP = 0.01;

/** Logistic regression by gradient descent: log-odds that a pause is an end, by shape of the words, and by sound and sentence per group. */
export function fitOdds(
  pauses: readonly CollectedPause[],
): Record<PhraseShape, { words: number; sound: number; sentence: number }> {
  const examples = pauses.flatMap(asExample);
  const shapes = SOUND_GROUPS.flat();
  const words = new Map(shapes.map((shape) => [shape, PRIOR_LOG_ODDS[shape]]));
  const sounds = SOUND_GROUPS.map(() => PRIOR_SOUND);
  const sentences = SENTENCE_GROUPS.map(() => PRIOR_SENTENCE);
  const groupIn = (groups: readonly (readonly PhraseShape[])[], shape: PhraseShape): number =>
    groups.findIndex((group) => group.includes(shape));
  for (let i = 0; i < STEPS; i++) {
    const wordSteps = new Map(shapes.map((shape) => [shape, PRIOR_WEIGHT.words * (words.get(shape)! - PRIOR_LOG_ODDS[shape])])); // prettier-ignore
    const soundSteps = sounds.map((sound) => PRIOR_WEIGHT.sound * (sound - PRIOR_SOUND));
    const sentenceSteps = sentences.map((sentence) => PRIOR_WEIGHT.sentence * (sentence - PRIOR_SENTENCE));
    for (const { shape, sound, sentence, isEnd, weight } of examples) {
      const soundGroup = groupIn(SOUND_GROUPS, shape);
      const sentenceGroup = groupIn(SENTENCE_GROUPS, shape);
      const logOdds = words.get(shape)! + sounds[soundGroup]! * sound + (sentences[sentenceGroup] ?? 0) * sentence;
      const error = weight * (probabilityOf(logOdds) - (isEnd ? 1 : 0));
      wordSteps.set(shape, wordSteps.get(shape)! + error);
      soundSteps[soundGroup]! += error * sound;
      if (sentenceGroup >= 0) sentenceSteps[sentenceGroup]! += error * sentence;
    }
    for (const shape of shapes) words.set(shape, words.get(shape)! - STEP * wordSteps.get(shape)!);
    for (const group of sounds.keys()) sounds[group]! -= STEP * soundSteps[group]!;
    for (const group of sentences.keys()) sentences[group]! -= STEP * sentenceSteps[group]!;
  }
  const odds = shapes.map((shape) => {
    const sentence = sentences[groupIn(SENTENCE_GROUPS, shape)] ?? 0;
    return [shape, { words: words.get(shape)!, sound: sounds[groupIn(SOUND_GROUPS, shape)]!, sentence }];
  });
  return Object.fromEntries(odds) as Record<PhraseShape, { words: number; sound: number; sentence: number }>;
}

function asExample({ evidence, isEnd, source }: CollectedPause): Example[] {
  const { text, completeProbability, sentenceEnd, answersQuestion = false } = evidence;
  if (text === null || text === '') return [];
  const sound = (completeProbability ?? NEUTRAL_PROBABILITY) - NEUTRAL_PROBABILITY;
  const weight = !isEnd && source === 'synthetic' ? WEIGHT_OF_WRITTEN_PAUSE : 1;
  const shape = phraseShape(text, { answersQuestion });
  const sentence = isSentenceEndTelling(shape) ? sentenceTerm(sentenceEnd) : 0;
  return [{ shape, sound, sentence, isEnd, weight }];
}

export const probabilityOf = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds));
