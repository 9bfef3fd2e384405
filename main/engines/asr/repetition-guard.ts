/** Longest phrase, in tokens, whose repetition is looked for. */
const MAX_PHRASE = 12;
/** One or two tokens may really be said four times ("no no no no"); a longer phrase said three times in a row is a loop. */
const SHORT_PHRASE = 2;
const MAX_SHORT_REPEATS = 5;
const MAX_REPEATS = 3;

/**
 * Greedy decoders get caught in loops on audio that was cut in mid-phrase ("the best of the best of the best of …").
 * Returns how many tokens at the end are surplus copies of a phrase, keeping one; 0 when there is no loop.
 */
export function loopedTail(tokens: readonly number[]): number {
  for (let phrase = 1; phrase <= MAX_PHRASE; phrase++) {
    const limit = phrase <= SHORT_PHRASE ? MAX_SHORT_REPEATS : MAX_REPEATS;
    if (tokens.length < phrase * limit) return 0;
    const repeats = tailRepeats(tokens, phrase);
    if (repeats >= limit) return phrase * (repeats - 1);
  }
  return 0;
}

/** How many times the last `phrase` tokens stand at the end, one after the other. */
function tailRepeats(tokens: readonly number[], phrase: number): number {
  let matching = 0;
  for (let i = tokens.length - 1 - phrase; i >= 0 && tokens[i] === tokens[i + phrase]; i--) matching++;
  return 1 + Math.floor(matching / phrase);
}
