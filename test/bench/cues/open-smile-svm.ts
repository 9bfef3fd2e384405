import { EMOTIONS, labelOf } from './emodb.ts';
import { unweightedRecall } from './evaluate.ts';
import { linearSvm } from './linear-svm.ts';
import { meanOf, pooledDeviation } from './train-model.ts';

/** The usual cost for eGeMAPS on corpora of this size. */
const COST = 0.01;

export interface SvmRecalls {
  arousal: number;
  valence: number;
  emotion: number;
}

/** eGeMAPS by openSMILE with a linear SVM, a speaker left out at a time. `speaker`: with all of the test speaker known beforehand, or not normalised. */
export function openSmileSvm(
  table: Record<string, Record<string, number>>,
  { knowsSpeaker }: { knowsSpeaker: boolean },
): SvmRecalls {
  const names = Object.keys(table);
  const speakers = [...new Set(names.map((name) => labelOf(name).speaker))];
  const raw = new Map(names.map((name) => [name, Object.values(table[name]!)]));
  const own = (speaker: string): string[] => names.filter((name) => labelOf(name).speaker === speaker);
  const standardised = (of: readonly string[]): Map<string, number[]> => {
    const vectors = of.map((name) => raw.get(name)!);
    const [mean, deviation] = [meanOf(vectors), pooledDeviation([vectors])];
    return new Map(names.map((name) => [name, raw.get(name)!.map((value, i) => (value - mean[i]!) / deviation[i]!)]));
  };
  const bySpeaker = new Map<string, number[]>();
  for (const speaker of speakers) {
    const scaled = standardised(own(speaker));
    for (const name of own(speaker)) bySpeaker.set(name, scaled.get(name)!);
  }
  const told = speakers.flatMap((speaker) => {
    const rest = names.filter((name) => labelOf(name).speaker !== speaker);
    const vectors = knowsSpeaker ? bySpeaker : standardised(rest);
    const learn = (isPositive: (name: string) => boolean) =>
      linearSvm(
        rest.map((name) => ({ input: vectors.get(name)!, positive: isPositive(name) })),
        { cost: COST },
      );
    const arousal = learn((name) => labelOf(name).aroused);
    const valence = learn((name) => labelOf(name).pleasant);
    const emotions = EMOTIONS.map((_, i) => learn((name) => labelOf(name).emotion === i));
    return own(speaker).map((name) => {
      const input = vectors.get(name)!;
      const scores = emotions.map((score) => score(input));
      return {
        ...labelOf(name),
        arousal: arousal(input) > 0,
        valence: valence(input) > 0,
        guess: scores.indexOf(Math.max(...scores)),
      };
    });
  });
  return {
    arousal: unweightedRecall(told.map(({ aroused, arousal }) => ({ truth: aroused, answer: arousal }))),
    valence: unweightedRecall(told.map(({ pleasant, valence }) => ({ truth: pleasant, answer: valence }))),
    emotion: unweightedRecall(told.map(({ emotion, guess }) => ({ truth: emotion, answer: guess }))),
  };
}
