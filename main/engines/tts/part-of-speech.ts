/**
 * An averaged-perceptron part-of-speech tagger (Penn Treebank tags) in the format of tagger.json of hibari-tts 0.2.1: words with one
 * dominant tag are looked up, the others are scored by the features below, whose names are keys of the weight table.
 * It only has to be right for words that are read differently by class: "read", "live", "record", "to", "in".
 */
export interface TaggerData {
  tags: string[];
  tagdict: Record<string, string>;
  vocab: string[];
  weights: {
    /** By tag; undefined for a feature that was never seen. */
    of(feature: string): Readonly<Record<string, number>> | undefined;
  };
}

const BEFORE = ['-START2-', '-START-'] as const;
const AFTER = ['-END-', '-END2-'] as const;

export class PartOfSpeechTagger {
  readonly #tags: string[];
  readonly #tagOfWord: Readonly<Record<string, string>>;
  readonly #vocabulary: Set<string>;
  readonly #weights: TaggerData['weights'];

  constructor(data: TaggerData) {
    this.#tags = data.tags;
    this.#tagOfWord = data.tagdict;
    this.#vocabulary = new Set(data.vocab);
    this.#weights = data.weights;
  }

  tag(words: readonly string[]): string[] {
    const context = [...BEFORE, ...words.map((word) => this.#contextForm(word)), ...AFTER];
    const tags: string[] = [];
    let previous: string = BEFORE[1];
    let beforePrevious: string = BEFORE[0];
    words.forEach((word, i) => {
      const known = own(this.#tagOfWord, word);
      const tag = known ?? this.#score(features({ word, i, context, previous, beforePrevious }));
      tags.push(tag);
      beforePrevious = previous;
      previous = tag;
    });
    return tags;
  }

  #contextForm(word: string): string {
    const form = wordForm(word);
    return this.#vocabulary.has(form) ? form : `<${wordShape(word)}>`;
  }

  #score(names: string[]): string {
    const scores = new Map<string, number>();
    for (const name of names) {
      const weights = this.#weights.of(name);
      if (!weights) continue;
      for (const tag in weights) scores.set(tag, (scores.get(tag) ?? 0) + weights[tag]!);
    }
    let best = 'NN';
    let bestScore = -Infinity;
    for (const tag of scores.size > 0 ? this.#tags : []) {
      const score = scores.get(tag) ?? 0;
      if (score > bestScore || (score === bestScore && tag > best)) [best, bestScore] = [tag, score];
    }
    return best;
  }
}

/** Not `table[key]`: "constructor" must not find what every object inherits. */
function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

interface TaggedPosition {
  word: string;
  i: number;
  context: string[];
  previous: string;
  beforePrevious: string;
}

function features({ word, i, context, previous, beforePrevious }: TaggedPosition): string[] {
  const at = (offset: number): string => context[i + 2 + offset]!;
  return [
    'b',
    `s3=${word.slice(-3)}`,
    `p1=${word[0]}`,
    `w=${at(0)}`,
    `sh=${wordShape(word)}`,
    i === 0 ? 'i0' : 'i+',
    `t-1=${previous}`,
    `t-2=${beforePrevious}`,
    `t-12=${previous},${beforePrevious}`,
    `w-1=${at(-1)}`,
    `s3-1=${at(-1).slice(-3)}`,
    `w-2=${at(-2)}`,
    `w+1=${at(1)}`,
    `s3+1=${at(1).slice(-3)}`,
    `w+2=${at(2)}`,
  ];
}

function wordForm(word: string): string {
  if (word.includes('-') && !word.startsWith('-')) return '!HYPHEN';
  if (/^\d{4}$/.test(word)) return '!YEAR';
  if (/^\d/.test(word)) return '!DIGITS';
  return word.toLowerCase();
}

function wordShape(word: string): string {
  if (/^\p{L}+$/u.test(word)) {
    if (word === word.toLowerCase()) return 'x';
    if (word === word.toUpperCase()) return word.length > 1 ? 'XX' : 'X1';
    return /^\p{Lu}\p{Ll}+$/u.test(word) ? 'Xx' : 'xX';
  }
  if (/^\d+$/.test(word)) return 'd';
  return word.slice(0, 4).replace(/\d/g, 'd').replace(/\p{L}/gu, 'x');
}
