export interface WordErrors {
  /** Substitutions, insertions and deletions together. */
  errors: number;
  referenceWords: number;
  /** errors / referenceWords; 0 when neither text has words, 1 when only the transcript has. */
  rate: number;
}

const SMALL = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

/**
 * Lower case, no punctuation, single digits as words ("12345" is read as five words): what is left when the ways of writing
 * the same spoken words are taken away. Apostrophes inside words go too ("don't" is "dont").
 */
export function spokenWords(text: string): string[] {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/['’]/gu, '')
    .replaceAll(/\d/gu, (digit) => ` ${SMALL[Number(digit)]} `)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/** Edit distance in words between what was said and what was understood, after normalisation. */
export function wordErrors(reference: string, transcript: string): WordErrors {
  const said = spokenWords(reference);
  const understood = spokenWords(transcript);
  const errors = editDistance(said, understood);
  return { errors, referenceWords: said.length, rate: said.length > 0 ? errors / said.length : Math.min(1, errors) };
}

/** Shorthand for the rate alone. */
export function wordErrorRate(reference: string, transcript: string): number {
  return wordErrors(reference, transcript).rate;
}

function editDistance(from: string[], to: string[]): number {
  let previous = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (const [row, word] of from.entries()) {
    const current = [row + 1];
    for (const [column, other] of to.entries()) {
      const substitution = previous[column]! + (word === other ? 0 : 1);
      current.push(Math.min(substitution, previous[column + 1]! + 1, current[column]! + 1));
    }
    previous = current;
  }
  return previous[to.length]!;
}
