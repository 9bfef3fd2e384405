import { distance } from 'fastest-levenshtein';

export interface FuzzyMatch {
  intentId: string;
  score: number;
  /** How much better than the best of all other intents. */
  margin: number;
}

/** Set on the near-miss set: the lowest at which no utterance of it is taken for an intent, with a distance. */
export const FUZZY_THRESHOLD = 0.82;
export const FUZZY_MARGIN = 0.06;
/** Below this a word or two would decide. */
export const MIN_FUZZY_WORDS = 3;
/** Words that turn a sentence around: one that is not in the phrase as well makes it another sentence. */
const TURNING = new Set(
  (
    'not no never but except instead unless until if when while because why without wrong before after about than only ' +
    'anymore yet still tomorrow yesterday later who whom whose which where another other else should if or and'
  ).split(' '),
);
/** Whose it is, and who does it: "my name" is not "your name". What one of the two has, the other has too. */
const PERSONS: readonly ReadonlySet<string>[] = [['my', 'mine'], ['your', 'yours'], ['i', 'am'], ['you']].map(
  (words) => new Set(words),
);
const LIGHT = new Set(
  'a an the is are am was be do does did to of for in on it this that my your me i you so just'.split(' '),
);

interface Phrase {
  intentId: string;
  words: readonly string[];
  weight: number;
}

/**
 * Finds the phrase that an utterance is a variant of: words misheard by a letter, left out or added. Word by word in order, rare
 * words counting more than light ones. It is asked only when no phrase fits exactly, and prefers silence: see threshold and margin.
 */
export class FuzzyMatcher {
  readonly #phrases: Phrase[];
  /** In how many intents a word occurs; words that belong to few say more. */
  readonly #intentsOf = new Map<string, Set<string>>();
  readonly #byWord = new Map<string, Phrase[]>();

  constructor(phrases: readonly { intentId: string; text: string }[]) {
    const split = phrases.map(({ intentId, text }) => ({ intentId, words: text.split(' ') }));
    for (const { intentId, words } of split) for (const word of words) addTo(this.#intentsOf, word, intentId);
    this.#phrases = split
      .filter(({ words }) => words.length >= MIN_FUZZY_WORDS)
      .map((phrase) => ({ ...phrase, weight: this.#weightOf(phrase.words) }));
    for (const phrase of this.#phrases)
      for (const word of new Set(phrase.words))
        if (!LIGHT.has(word)) this.#byWord.set(word, [...(this.#byWord.get(word) ?? []), phrase]);
  }

  /** The best intent, however bad, or null when nothing has a word in common. `isOpen` says which intents count just now. */
  best(text: string, isOpen: (intentId: string) => boolean = () => true): FuzzyMatch | null {
    const words = text.split(' ');
    const scores = new Map<string, number>();
    for (const { phrase, score } of this.#scored(words, isOpen)) {
      if (score > (scores.get(phrase.intentId) ?? 0) && !isTurned(words, phrase.words)) {
        scores.set(phrase.intentId, score);
      }
    }
    const [first, second] = [...scores].sort((a, b) => b[1] - a[1]);
    return first ? { intentId: first[0], score: first[1], margin: first[1] - (second?.[1] ?? 0) } : null;
  }

  /** The best phrase of every intent that is at all like the text, the best first, whatever `best` would say to it: to be looked at. */
  ranked(text: string): { intentId: string; phrase: string; score: number; isTurned: boolean }[] {
    const words = text.split(' ');
    const best = new Map<string, { phrase: Phrase; score: number }>();
    for (const scored of this.#scored(words)) {
      const { intentId } = scored.phrase;
      if (scored.score > (best.get(intentId)?.score ?? 0)) best.set(intentId, scored);
    }
    return [...best.values()]
      .sort((a, b) => b.score - a.score)
      .map(({ phrase, score }) => ({
        intentId: phrase.intentId,
        phrase: phrase.words.join(' '),
        score,
        isTurned: isTurned(words, phrase.words),
      }));
  }

  *#scored(
    words: readonly string[],
    isOpen: (intentId: string) => boolean = () => true,
  ): Generator<{ phrase: Phrase; score: number }> {
    if (words.length < MIN_FUZZY_WORDS) return;
    const alike = this.#alikeWords(words);
    const weight = this.#weightOf(words);
    for (const phrase of this.#candidates(alike)) {
      if (Math.abs(phrase.words.length - words.length) > 2 || !isOpen(phrase.intentId)) continue;
      if (phrase.weight > 2 * weight || weight > 2 * phrase.weight) continue;
      yield { phrase, score: (2 * this.#inCommon(words, phrase.words, alike)) / (weight + phrase.weight) };
    }
  }

  /** For each word said, the words of the table that may have been meant, and how alike they are. */
  #alikeWords(words: readonly string[]): Map<string, Map<string, number>> {
    const alike = new Map<string, Map<string, number>>();
    for (const word of new Set(words)) {
      const similar = new Map<string, number>();
      if (this.#intentsOf.has(word)) similar.set(word, 1);
      else if (word.length >= 5) {
        for (const known of this.#intentsOf.keys()) {
          if (known.length < 4 || Math.abs(known.length - word.length) > 2) continue;
          const likeness = 1 - distance(word, known) / Math.max(word.length, known.length);
          if (likeness >= 0.8) similar.set(known, likeness);
        }
      }
      alike.set(word, similar);
    }
    return alike;
  }

  #candidates(alike: Map<string, Map<string, number>>): Set<Phrase> {
    const candidates = new Set<Phrase>();
    for (const similar of alike.values())
      for (const known of similar.keys()) for (const phrase of this.#byWord.get(known) ?? []) candidates.add(phrase);
    return candidates;
  }

  /** Weight of the longest common run of words in order (gaps allowed). */
  #inCommon(said: readonly string[], phrase: readonly string[], alike: Map<string, Map<string, number>>): number {
    let row = new Float64Array(phrase.length + 1);
    for (const word of said) {
      const next = new Float64Array(phrase.length + 1);
      const similar = alike.get(word)!;
      for (let i = 0; i < phrase.length; i++) {
        const likeness = similar.get(phrase[i]!) ?? 0;
        const both = likeness === 0 ? 0 : row[i]! + likeness * this.#weight(phrase[i]!);
        next[i + 1] = Math.max(both, row[i + 1]!, next[i]!);
      }
      row = next;
    }
    return row[phrase.length]!;
  }

  #weightOf(words: readonly string[]): number {
    return words.reduce((sum, word) => sum + this.#weight(word), 0);
  }

  /** Words that the table does not know weigh most: they are what makes a sentence another one. */
  #weight(word: string): number {
    const intents = this.#intentsOf.get(word)?.size;
    if (LIGHT.has(word)) return 0.4;
    if (intents === undefined) return 2;
    return intents <= 2 ? 1.4 : 1;
  }
}

function isTurned(said: readonly string[], phrase: readonly string[]): boolean {
  return (
    PERSONS.some((person) => said.some((word) => person.has(word)) !== phrase.some((word) => person.has(word))) ||
    said.some((word) => TURNING.has(word) && !phrase.includes(word)) ||
    phrase.some((word) => TURNING.has(word) && !said.includes(word))
  );
}

function addTo(map: Map<string, Set<string>>, key: string, value: string): void {
  const set = map.get(key);
  if (set) set.add(value);
  else map.set(key, new Set([value]));
}
