import { soundDistance } from './sound-distance.ts';

/**
 * What the beginning of an utterance has to do with the wake phrase. `called`: it begins with it, and `rest` is what follows ('' after
 * the phrase alone). `perhaps`: it may be the phrase's beginning, more has to be heard. `other`: it is something else.
 */
export type WakeMatch = { type: 'called'; rest: string } | { type: 'perhaps' } | { type: 'other' };

/** What stands before the phrase now and then, or is heard of somebody else there. */
const LEAD_INS = new Set('and but so um uh ah oh ok okay yeah yes well no right'.split(' '));
const MAX_LEAD_INS = 2;
/**
 * Distance per letter of the phrase up to which it is the phrase. "A. Parley" for "Hey Parley" is 0.11, "Hey Farley" 0.06, "Hey Partly"
 * 0.17, "Hey Charlie" 0.24: docs/modes.md has what voices and a recogniser made of it.
 */
const LIMIT_PER_LETTER = 0.155;

interface Word {
  /** Lower case letters only. */
  letters: string;
  /** Where the text goes on after it. */
  end: number;
}

/** Compares how an utterance begins with the phrase, as tolerant as recognisers are inventive. */
export function matchWakePhrase(text: string, phrase: string): WakeMatch {
  const words = wordsOf(text);
  const wanted = wordsOf(phrase);
  const name = wanted.map(({ letters }) => letters).join('');
  const limit = LIMIT_PER_LETTER * name.length;
  for (let skipped = 0; skipped <= MAX_LEAD_INS; skipped++) {
    const end = endOfPhrase(words.slice(skipped), { name, limit, mostWords: wanted.length + 1 });
    if (end !== null) return { type: 'called', rest: tidied(text.slice(end)) };
    if (mayBecome(words.slice(skipped), name, limit)) return { type: 'perhaps' };
    if (!LEAD_INS.has(words[skipped]?.letters ?? '')) return { type: 'other' };
  }
  return { type: 'other' };
}

/** Where the words that are the phrase end, or null when they are not. */
function endOfPhrase(words: Word[], options: { name: string; limit: number; mostWords: number }): number | null {
  const { name, limit, mostWords } = options;
  let best = { distance: limit, end: null as number | null };
  let heard = '';
  for (const { letters, end } of words.slice(0, mostWords)) {
    heard += letters;
    const distance = soundDistance(heard, name);
    if (distance <= best.distance) best = { distance, end };
  }
  return best.end;
}

/** All that was heard so far is how the phrase begins. */
function mayBecome(words: Word[], name: string, limit: number): boolean {
  const heard = words.map(({ letters }) => letters).join('');
  if (heard.length >= name.length) return false;
  for (let length = 0; length < name.length; length++) {
    if (soundDistance(heard, name.slice(0, length)) <= Math.min(limit, length / 3)) return true;
  }
  return false;
}

function wordsOf(text: string): Word[] {
  return [...text.matchAll(/[\p{L}\p{N}]+(?:['’‐-][\p{L}\p{N}]+)*/gu)].map((match) => ({
    letters: match[0].toLowerCase().replace(/[^\p{L}\p{N}]/gu, ''),
    end: match.index + match[0].length,
  }));
}

function tidied(rest: string): string {
  const text = rest.replace(/^[\s\p{P}]+/u, '');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
