import { speakableText } from '../../cascade/speech-text/speakable-text.ts';
import { wordErrors } from '../../lib/word-error-rate.ts';

/** What one turn has to show of the words that were heard. */
export interface TurnWords {
  /** What the app says was heard of its answers. */
  ownHeard: string;
  /** What the recogniser finds in the recording. */
  agentWords: string;
  /** The answer of the turn before still sounded when this one's clip began. */
  isIntoAnswer: boolean;
}

/** Turns in a row that one answer lasts over: its words cannot be told apart by turn, since both sides cut them elsewhere. */
export interface Stretch {
  ownHeard: string;
  agentWords: string;
}

/** For each turn the stretch that it belongs to; turns of one stretch share the object. */
export function stretchesOf(turns: readonly TurnWords[]): Stretch[] {
  const stretches: Stretch[] = [];
  for (const { ownHeard, agentWords, isIntoAnswer } of turns) {
    const before = stretches.at(-1);
    if (isIntoAnswer && before) {
      before.ownHeard = joined(before.ownHeard, ownHeard);
      before.agentWords = joined(before.agentWords, agentWords);
      stretches.push(before);
    } else stretches.push({ ownHeard, agentWords });
  }
  return stretches;
}

/** Edit distance of the words that are said to have been heard and those of the recording, numbers as they are spoken; null without any. */
export function heardTruth({ ownHeard, agentWords }: Stretch): { errors: number; referenceWords: number } | null {
  return ownHeard === '' && agentWords === '' ? null : wordErrors(spoken(ownHeard), spoken(agentWords));
}

/** "112" and "one hundred and twelve" sound the same, give or take the "and". */
function spoken(text: string): string {
  return speakableText(text).replaceAll(/\b(hundred|thousand) and\b/gu, '$1');
}

const joined = (one: string, other: string): string => `${one} ${other}`.trim();
