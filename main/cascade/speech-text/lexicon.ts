import type { LexiconEntry } from '../../contract/guardrails.ts';
import { speakableText } from './speakable-text.ts';

export interface SpokenWords {
  text: string;
  /** How a character of the text is said that stands for a whole word; only with `phonemes: true`. */
  phonemes?: Record<string, string>;
}

/** Unicode's private use area: characters that mean nothing, each free to stand for a word. */
const FIRST_STAND_IN = 0xe000;
const STAND_INS = 0x1900;

/**
 * The user's own pronunciations, applied to what is to be said (`speakableText`). Whole words, with an ending of possession; an entry with a
 * capital after its first letter ("SQL", "iPad") holds for this spelling only, others for any case.
 */
export class Lexicon {
  readonly #entries: { exact: Map<string, LexiconEntry>; anyCase: Map<string, LexiconEntry> };
  readonly #pattern: RegExp | null;

  constructor(entries: readonly LexiconEntry[]) {
    this.#entries = { exact: new Map(), anyCase: new Map() };
    const keys: string[] = [];
    for (const entry of entries.slice(0, STAND_INS)) {
      // Digits and signs are words by the time that the lexicon is asked.
      const key = speakableText(entry.word) || entry.word;
      keys.push(key);
      if (/.\p{Lu}/u.test(key)) this.#entries.exact.set(key, entry);
      else this.#entries.anyCase.set(key.toLowerCase(), entry);
    }
    const alternatives = keys.sort((a, b) => b.length - a.length).map(literal);
    this.#pattern =
      keys.length === 0
        ? null
        : new RegExp(String.raw`(?<![\p{L}\p{N}])(${alternatives.join('|')})(['’]s)?(?![\p{L}\p{N}])`, 'giu');
  }

  /** `phonemes`: whether the voice takes them; otherwise only respellings are used. */
  apply(text: string, { phonemes: takesPhonemes }: { phonemes: boolean }): SpokenWords {
    if (!this.#pattern) return { text };
    const phonemes: Record<string, string> = {};
    let standIns = 0;
    const spoken = text.replace(this.#pattern, (written: string, word: string, ending: string | undefined) => {
      const entry = this.#entries.exact.get(word) ?? this.#entries.anyCase.get(word.toLowerCase());
      if (!entry) return written;
      if (takesPhonemes && entry.phonemes) {
        const standIn = String.fromCharCode(FIRST_STAND_IN + standIns++);
        phonemes[standIn] = entry.phonemes + (ending ? possessive(entry.phonemes) : '');
        return standIn;
      }
      return entry.spoken ? entry.spoken + (ending ?? '') : written;
    });
    return standIns === 0 ? { text: spoken } : { text: spoken, phonemes };
  }
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}

/** The sound of 's after these phonemes. */
function possessive(phonemes: string): string {
  const last = phonemes.at(-1)!;
  if ('ptkfθ'.includes(last)) return 's';
  return 'szʃʒʧʤ'.includes(last) ? 'ᵻz' : 'z';
}
