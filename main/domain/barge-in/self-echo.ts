import { bareWords } from './vocabulary.ts';

/** Fewer words are said by chance: "the moon" over an answer about the moon. */
const LEAST_WORDS = 3;
/** A recogniser that hears the loudspeaker through a room gets this share of the words wrong. */
const MOST_WRONG = 0.25;

/**
 * True when `heard` is a stretch of `spoken`, the last words from the loudspeaker: the microphone has heard the answer itself. By the
 * fewest word edits that turn `heard` into any stretch of `spoken`.
 */
export function isSelfEcho(heard: string, spoken: string): boolean {
  const [said, answer] = [bareWords(heard), bareWords(spoken)];
  if (said.length < LEAST_WORDS) return false;
  // A stretch may begin and end anywhere: the first row costs nothing, the best of the last row counts.
  let costs = new Array<number>(answer.length + 1).fill(0);
  for (const [row, word] of said.entries()) {
    const next = [row + 1];
    for (const [column, other] of answer.entries()) {
      const kept = costs[column]! + (word === other ? 0 : 1);
      next.push(Math.min(kept, costs[column + 1]! + 1, next[column]! + 1));
    }
    costs = next;
  }
  return Math.min(...costs) <= MOST_WRONG * said.length;
}
