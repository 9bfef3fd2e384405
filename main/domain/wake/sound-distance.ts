/** Letters that recognisers take for one another: made at the same place of the mouth. */
const KINS = ['pbfv', 'td', 'kgcqx', 'szx', 'mn', 'jg'];
/** Vowels, and letters that are often silent, or written where there is none. */
const SOFT = new Set('aeiouyhw');

const SOFT_COST = 1 / 3;
const KIN_COST = 0.5;
/** Another consonant at its place makes another name: Harley, Marley and Charlie are not Parley. */
const OTHER_COST = 1.5;
const EXTRA_COST = 1.2;

/** How differently two words would be spoken, by their letters: an edit distance in which vowels and kindred consonants cost less. */
export function soundDistance(a: string, b: string): number {
  let row = [0];
  for (const letter of b) row.push(row.at(-1)! + extraCost(letter));
  for (const own of a) {
    const next = [row[0]! + extraCost(own)];
    for (let j = 0; j < b.length; j++) {
      const other = b[j]!;
      next.push(Math.min(row[j]! + changeCost(own, other), row[j + 1]! + extraCost(own), next[j]! + extraCost(other)));
    }
    row = next;
  }
  return row[b.length]!;
}

function extraCost(letter: string): number {
  return SOFT.has(letter) ? SOFT_COST : EXTRA_COST;
}

function changeCost(a: string, b: string): number {
  if (a === b) return 0;
  // An h can be left out, but it does not stand for a vowel.
  if (SOFT.has(a) && SOFT.has(b)) return a === 'h' || b === 'h' ? 2 * SOFT_COST : SOFT_COST;
  return KINS.some((kin) => kin.includes(a) && kin.includes(b)) ? KIN_COST : OTHER_COST;
}
