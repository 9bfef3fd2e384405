import { sentenceParts, taggerTokens, type SentencePart } from './english-words.ts';
import { demoted, PRIMARY, soundKind, stressWeight } from './phoneme-stress.ts';
import type { PartOfSpeechTagger } from './part-of-speech.ts';
import type { NextSound, PronouncingDictionary } from './pronouncing-dictionary.ts';

export interface EnglishPhonemesOptions {
  dictionary: PronouncingDictionary;
  tagger: PartOfSpeechTagger;
  /** For words that the dictionary does not know. */
  guess: (word: string) => Promise<string>;
}

const DIGIT_NAMES = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

/**
 * English text to the phoneme string that hibari and Kokoro read (misaki's alphabet). Expects text already normalised for
 * speech (numbers in words); stray digits are read one by one.
 */
export class EnglishPhonemes {
  readonly #dictionary: PronouncingDictionary;
  readonly #tagger: PartOfSpeechTagger;
  readonly #guess: (word: string) => Promise<string>;

  constructor(options: EnglishPhonemesOptions) {
    this.#dictionary = options.dictionary;
    this.#tagger = options.tagger;
    this.#guess = options.guess;
  }

  /** "" when the text holds nothing to say. `given`: sounds of characters of the private use area, each of which stands for a word. */
  async read(text: string, given: Readonly<Record<string, string>> = {}): Promise<string> {
    const parts = sentenceParts(text);
    const tags = this.#tags(parts);
    let next: NextSound = 'pause';
    let nextWord = '';
    let spoken = '';
    // From the end, because "the", "to" and "a" sound by what follows.
    for (let i = parts.length - 1; i >= 0; i--) {
      const part = parts[i]!;
      const phonemes: string =
        part.kind === 'punctuation'
          ? part.text
          : Object.hasOwn(given, part.text)
            ? given[part.text]!
            : await this.#word({ part, tags: tags[i]!, next, nextWord });
      if (phonemes === '') continue;
      spoken = phonemes + (part.spaceAfter ? ' ' : '') + spoken;
      next = part.kind === 'word' ? firstSound(phonemes, next) : 'pause';
      nextWord = part.kind === 'word' ? part.text.toLowerCase() : '';
    }
    // The dictionaries write taps and glottal stops with symbols that the voices were trained on under other names.
    return /\p{L}/u.test(spoken) ? spoken.trim().replaceAll('ɾ', 'T').replaceAll('ʔ', 't') : '';
  }

  /** For each part, the tags of its pieces. */
  #tags(parts: SentencePart[]): string[][] {
    const tokens = parts.map(taggerTokens);
    const flat = this.#tagger.tag(tokens.flat());
    let at = 0;
    return tokens.map((own) => flat.slice(at, (at += own.length)));
  }

  async #word(context: WordPlace): Promise<string> {
    const { part, next } = context;
    const tag = context.tags[0]!;
    const whole = functionWord({ ...context, tag }) ?? this.#known(part.text, { tag, next });
    if (whole !== undefined) return whole;
    if (part.pieces.length === 1) return this.#guess(part.text);
    return this.#compound(context);
  }

  #known(word: string, { tag, next }: { tag: string; next: NextSound }): string | undefined {
    if (/^\d$/.test(word)) return this.#dictionary.pronounce({ word: DIGIT_NAMES[Number(word)]!, tag: 'CD', next });
    if (/^(?:\p{L}\.){2,}$/u.test(word)) return this.#dictionary.spell(word);
    return this.#dictionary.pronounce({ word, tag, next });
  }

  /** "state-of-the-art": pieces run together, the lighter half of them losing their primary stress. */
  async #compound({ part, tags, next }: WordPlace): Promise<string> {
    const pieces: string[] = [];
    let following = next;
    for (let i = part.pieces.length - 1; i >= 0; i--) {
      const piece = part.pieces[i]!;
      const tag = tags[i * 2] ?? 'NN';
      const place = { part, tags, next: following, nextWord: part.pieces[i + 1] ?? '', tag, word: piece };
      const phonemes = functionWord(place) ?? this.#known(piece, place) ?? (await this.#guess(piece));
      if (phonemes === '') continue;
      pieces.unshift(phonemes);
      following = firstSound(phonemes, following);
    }
    return balanced(pieces).join('');
  }
}

interface WordPlace {
  part: SentencePart;
  tags: string[];
  next: NextSound;
  /** The word that follows without punctuation between, in lower case. */
  nextWord: string;
}

/** Words whose sound depends on their neighbours more than on a dictionary. */
function functionWord(place: WordPlace & { tag: string; word?: string }): string | undefined {
  const { tag, next, nextWord } = place;
  const word = place.word ?? place.part.text;
  switch (word) {
    case 'a':
    case 'A':
      return tag === 'DT' ? 'ɐ' : `${PRIMARY}A`;
    case 'an':
    case 'An':
      return 'ɐn';
    case 'I':
      return tag === 'PRP' ? 'ˌI' : undefined;
    case 'am':
      return next === 'pause' ? undefined : 'ɐm';
    case 'the':
    case 'The':
      return next === 'vowel' ? 'ði' : 'ðə';
    case 'to':
    case 'To':
      if (next === 'pause') return undefined;
      return next === 'vowel' ? 'tʊ' : 'tə';
    case 'in':
    case 'In':
      return next === 'pause' || tag !== 'IN' ? `${PRIMARY}ɪn` : 'ɪn';
    case 'by':
    case 'By':
      return tag.startsWith('RB') ? `b${PRIMARY}I` : undefined;
    case 'used':
    case 'Used':
      return (tag === 'VBD' || tag === 'JJ') && nextWord === 'to' ? `j${PRIMARY}ust` : `j${PRIMARY}uzd`;
    default:
      return undefined;
  }
}

/** `after` when the word holds no such sound: the article "ɐ" is none to the rules that the voices were trained by. */
function firstSound(phonemes: string, after: NextSound): NextSound {
  for (const symbol of phonemes) {
    const kind = soundKind(symbol);
    if (kind !== 'other') return kind;
  }
  return after;
}

function balanced(pieces: string[]): string[] {
  const stressed = pieces.filter((piece) => piece.includes(PRIMARY)).length;
  if (pieces.length < 2 || stressed <= Math.floor((pieces.length + 1) / 2)) return pieces;
  const byWeight = pieces.map((_, i) => i).sort((a, b) => rank(pieces[a]!) - rank(pieces[b]!) || a - b);
  const lighter = new Set(byWeight.slice(0, Math.floor(pieces.length / 2)));
  return pieces.map((piece, i) => (lighter.has(i) ? demoted(piece) : piece));
}

/** Unstressed pieces first, then by weight. */
function rank(piece: string): number {
  return (piece.includes(PRIMARY) ? 1000 : 0) + stressWeight(piece);
}
