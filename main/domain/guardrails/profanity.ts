import { DataSet, englishDataset, englishRecommendedTransformers, RegExpMatcher } from 'obscenity';
import type { Matcher, Span } from './matcher.ts';

/** Nobody says a longer word. */
const MAX_WORD_CHARS = 60;
const MAX_REMEMBERED = 4000;
/**
 * Words that the list takes for profane: found by running it over the 90,000 words of the voice's dictionary. Clinical words are here too: an
 * answer on health is no swearing.
 */
const HARMLESS = (
  'anally analect analep analges analphabet analemm reanaly metanaly overanaly cryptanaly annal artisanal kanal anal anus pandanus ' +
  'eridanus silvanus oceanus trengganu assort assonan assegai assyri ill-assorted booby cock-a cockpit cockscomb cocksure cocksfoot ' +
  'cuckold cum cumin cummer cumec dickcissel dicker dickens dyke vandyke ejaculat evagina invagina vagina feckless fukuoka ' +
  'haboob incest masturbat medick mishit mocuck negroid negros niggard orgasm pachinko pannus penis penistone pinko perianal pissoir ' +
  'pussycat pussyfoot rapeseed rapper rapped rappee rappel rappen rapist rape retardant retardat scat semen sex shiite shiitake ' +
  'spasticity tit traffick transvaginal bestial'
).split(' ');

/** Profane English words, also in disguise ("sh1t"), without the harmless ones that hold them ("Scunthorpe"). Word by word. */
export function profanity(): Matcher {
  const words = new DataSet<{ originalWord: string }>().addAll(englishDataset).addPhrase((phrase) => {
    for (const word of HARMLESS) phrase.addWhitelistedTerm(word);
    return phrase;
  });
  const list = new RegExpMatcher({ ...words.build(), ...englishRecommendedTransformers });
  // Looking a word up costs about 60 µs, and people use the same ones over and over.
  const known = new Map<string, boolean>();
  const isProfane = (word: string): boolean => {
    const before = known.get(word);
    if (before !== undefined) return before;
    const result = list.hasMatch(word);
    if (known.size >= MAX_REMEMBERED) known.clear();
    known.set(word, result);
    return result;
  };
  return {
    find(text, from) {
      const written = /\S+/gu;
      written.lastIndex = wordStart(text, from);
      for (let match = written.exec(text); match; match = written.exec(text)) {
        const span = bare(match[0], match.index);
        if (span.start < from || span.end - span.start > MAX_WORD_CHARS || span.end === span.start) continue;
        if (isProfane(text.slice(span.start, span.end))) return span;
      }
      return null;
    },
    openFrom(text, from) {
      const lastWord = /\S*$/u.exec(text)!;
      return lastWord[0] === '' || lastWord[0].length > 2 * MAX_WORD_CHARS
        ? text.length
        : Math.max(from, lastWord.index);
    },
  };
}

/** A word counts from its beginning, wherever the search begins. */
function wordStart(text: string, from: number): number {
  let start = from;
  while (start > 0 && /\S/u.test(text[start - 1]!)) start--;
  return start;
}

/** Without the punctuation around it. */
function bare(word: string, index: number): Span {
  const before = /^[^\p{L}\p{N}@$*]*/u.exec(word)![0].length;
  const after = /[^\p{L}\p{N}@$*]*$/u.exec(word)!.index;
  return { start: index + before, end: index + Math.max(before, after) };
}
