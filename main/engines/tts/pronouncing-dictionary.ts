import { demoted, lightlyStressed, PRIMARY, promoted, SECONDARY } from './phoneme-stress.ts';

/** Phonemes, or phonemes by part of speech with DEFAULT; `None` is the form before a pause. */
export type DictionaryEntry = string | Record<string, string | null>;

/** Kept as parsed: building maps of 184,000 words would take a third of the voice's start. */
type Entries = Readonly<Record<string, DictionaryEntry>>;

/** Not `entries[word]`: "constructor" must not find what every object inherits. */
function ownEntry(entries: Entries, word: string): DictionaryEntry | undefined {
  return Object.hasOwn(entries, word) ? entries[word] : undefined;
}

export interface WordInContext {
  /** With straight apostrophes. */
  word: string;
  /** Penn Treebank tag. */
  tag: string;
  /** What the next sound is; `pause` at the end and before punctuation. */
  next: NextSound;
}
export type NextSound = 'vowel' | 'consonant' | 'pause';

/**
 * English words to the phonemes that Kokoro was trained on: the misaki dictionaries (gold: checked, silver: generated), as
 * hibari-tts 0.2.1 carries them, with regular endings (-s, -ed, -ing) and initialisms worked out.
 */
export class PronouncingDictionary {
  readonly #gold: Entries;
  readonly #silver: Entries;

  constructor(gold: Entries, silver: Entries) {
    this.#gold = gold;
    this.#silver = silver;
  }

  /** Phonemes of a word as it is written, stressed for its capitals; undefined when neither it nor its stem is known. */
  pronounce(context: WordInContext): string | undefined {
    const { word } = context;
    const lower = word.toLowerCase();
    const phonemes =
      this.#asWritten(context) ?? (lower === word ? undefined : this.#asWritten({ ...context, word: lower }));
    if (phonemes === undefined || word === lower) return phonemes;
    return word === word.toUpperCase() && word.length > 1 ? promoted(phonemes) : lightlyStressed(phonemes);
  }

  /** Reads letter by letter, the last one stressed: "FBI", "U.S.". Undefined when there is a letter without a name. */
  spell(letters: string): string | undefined {
    let phonemes = '';
    for (const letter of letters.replace(/[^\p{L}]/gu, '')) {
      const name = ownEntry(this.#gold, letter.toUpperCase());
      if (typeof name !== 'string') return undefined;
      phonemes += demoted(name.includes(PRIMARY) || name.includes(SECONDARY) ? name : lightlyStressed(name));
    }
    const last = phonemes.lastIndexOf(SECONDARY);
    if (last < 0) return phonemes === '' ? undefined : phonemes;
    return phonemes.slice(0, last) + PRIMARY + phonemes.slice(last + 1);
  }

  #asWritten(context: WordInContext): string | undefined {
    const { word, tag } = context;
    if (this.#isInitialism(word, tag)) return this.spell(word);
    const initials = /^(\p{Lu}{2,})'?s$/u.exec(word)?.[1];
    if (initials !== undefined && this.#isInitialism(initials, tag)) {
      const spelled = this.spell(initials);
      return spelled === undefined ? undefined : plural(spelled);
    }
    return this.#entry(context) ?? this.#possessive(context) ?? this.#inflected(context);
  }

  /** All capitals with no entry of its own that reads as a word: "FBI" is spelled, "NASA" and a shouted "STOP" are read. */
  #isInitialism(word: string, tag: string): boolean {
    if (word.length < 2 || !/^\p{Lu}+$/u.test(word) || Object.hasOwn(this.#gold, word)) return false;
    const read = this.#find(this.#gold, word.toLowerCase());
    if (tag !== 'NNP') return read === undefined && this.#find(this.#silver, word.toLowerCase()) === undefined;
    return typeof read === 'object' ? false : !read?.includes(PRIMARY);
  }

  #entry({ word, tag, next }: WordInContext): string | undefined {
    const entry = this.#find(this.#gold, word) ?? this.#find(this.#silver, word);
    if (entry === undefined || typeof entry === 'string') return entry;
    if (next === 'pause' && entry['None']) return entry['None'];
    const byTag = entry[tag] ?? entry[partOfSpeech(tag)];
    return byTag ?? entry['DEFAULT'] ?? undefined;
  }

  /** A key answers for its capitalised and its lower-case form too. */
  #find(entries: Entries, word: string): DictionaryEntry | undefined {
    const lower = word.toLowerCase();
    const capitalised = lower.charAt(0).toUpperCase() + lower.slice(1);
    if (word === lower) return ownEntry(entries, word) ?? ownEntry(entries, capitalised);
    return ownEntry(entries, word) ?? (word === capitalised ? ownEntry(entries, lower) : undefined);
  }

  #possessive(context: WordInContext): string | undefined {
    const { word } = context;
    if (word.endsWith("s'")) return this.#asWritten({ ...context, word: `${word.slice(0, -2)}'s` });
    return word.endsWith("'") && word.length > 1 ? this.#asWritten({ ...context, word: word.slice(0, -1) }) : undefined;
  }

  #inflected(context: WordInContext): string | undefined {
    for (const { stems, join } of ENDINGS) {
      for (const stem of stems(context.word)) {
        const phonemes = this.#entry({ ...context, word: stem });
        if (phonemes) return join(phonemes);
      }
    }
    return undefined;
  }
}

interface Ending {
  /** Stems that the written word could have, likeliest first; none when it does not have the ending. */
  stems(word: string): string[];
  join(stem: string): string;
}

/** A t between such a sound and an unstressed vowel becomes a tap in American English: "waited". */
const BEFORE_TAP = new Set('AIOWYiuæɑəɛɪɹʊʌ');

const ENDINGS: readonly Ending[] = [
  {
    stems(word) {
      if (word.length < 3 || !word.endsWith('s')) return [];
      const stems: string[] = [];
      if (!word.endsWith('ss')) stems.push(word.slice(0, -1));
      if (word.endsWith("'s") || (word.length > 4 && /[^i]es$/.test(word))) stems.push(word.slice(0, -2));
      if (word.length > 4 && word.endsWith('ies')) stems.push(`${word.slice(0, -3)}y`);
      return stems;
    },
    join: plural,
  },
  {
    stems(word) {
      if (word.length < 4 || !word.endsWith('d')) return [];
      const stems: string[] = [];
      if (!word.endsWith('dd')) stems.push(word.slice(0, -1));
      if (word.length > 4 && /[^e]ed$/.test(word)) stems.push(word.slice(0, -2));
      if (word.length > 5 && /([bcdgklmnprstvxz])\1ed$/.test(word)) stems.push(word.slice(0, -3));
      if (word.length > 5 && word.endsWith('ied')) stems.push(`${word.slice(0, -3)}y`);
      return stems;
    },
    join(stem) {
      const last = stem.at(-1)!;
      if ('pkfθʃsʧ'.includes(last)) return `${stem}t`;
      if (last === 'd') return `${stem}ᵻd`;
      if (last !== 't') return `${stem}d`;
      return BEFORE_TAP.has(stem.at(-2) ?? '') ? `${stem.slice(0, -1)}Tᵻd` : `${stem}ᵻd`;
    },
  },
  {
    stems(word) {
      if (word.length < 5 || !word.endsWith('ing')) return [];
      const stems = word.length > 5 ? [word.slice(0, -3)] : [];
      stems.push(`${word.slice(0, -3)}e`);
      if (word.length > 5 && /([bcdgklmnprstvxz])\1ing$|cking$/.test(word)) stems.push(word.slice(0, -4));
      return stems;
    },
    join(stem) {
      const stressed = lightlyStressed(stem);
      const tapped = stressed.endsWith('t') && BEFORE_TAP.has(stressed.at(-2) ?? '');
      return tapped ? `${stressed.slice(0, -1)}Tɪŋ` : `${stressed}ɪŋ`;
    },
  },
];

function plural(stem: string): string {
  const last = stem.at(-1)!;
  if ('ptkfθ'.includes(last)) return `${stem}s`;
  return 'szʃʒʧʤ'.includes(last) ? `${stem}ᵻz` : `${stem}z`;
}

function partOfSpeech(tag: string): string {
  if (tag.startsWith('VB')) return 'VERB';
  if (tag.startsWith('NN')) return 'NOUN';
  if (tag.startsWith('RB')) return 'ADV';
  return tag.startsWith('JJ') ? 'ADJ' : tag;
}
