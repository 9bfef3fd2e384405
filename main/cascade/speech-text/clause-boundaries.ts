import { stopAfter } from './abbreviations.ts';

/** How many words a clause needs before it may end at a place of each kind. */
export interface ClauseLengths {
  /** After . ! ? or a line break. */
  sentenceEnd: number;
  /** After a comma, colon, semicolon or dash. */
  mark: number;
  /** Before "and", "because", "which" … */
  conjunction: number;
  /** Before "in", "with", "over" … */
  phrase: number;
  /** At any space that is not after a word like "the". */
  space: number;
}

// The first clause is what the user waits for: five words and not eight let 33 answers of the starter model begin 26 ms sooner
// (median), and more often end with a phrase than inside one. While it sounds (about 0.3 s a word) there is time to make longer
// ones, whose melody is more natural. A clause of two words lasts 0.6 s, so the second one cannot be long either.
const LENGTHS: readonly ClauseLengths[] = [
  { sentenceEnd: 1, mark: 2, conjunction: 3, phrase: 4, space: 5 },
  { sentenceEnd: 1, mark: 4, conjunction: 8, phrase: 10, space: 16 },
  { sentenceEnd: 3, mark: 8, conjunction: 14, phrase: 18, space: 28 },
];
/** With this many words more than `space`, a clause ends at any space. */
const PATIENCE_WORDS = 4;
/** A bracket that is not closed within this is no link. */
const LONGEST_LINK_CHARS = 300;

const CLOSERS = new Set(['"', "'", '”', '’', ')', ']', '*', '_', '`', '»']);
const CONJUNCTIONS = new Set(
  'and but or so because which who where when while although though if unless until since then than before after'.split(
    ' ',
  ),
);
/** Begin a phrase that can be set apart; "of" and "to" hold too fast to the word before. */
const PREPOSITIONS = new Set(
  (
    'in on at with for from by over under about during through between without into across around near against toward ' +
    'towards behind below above along as'
  ).split(' '),
);
const PHRASE_STARTERS = [...CONJUNCTIONS, ...PREPOSITIONS];
/** Nobody rests after these. */
const LEANING = new Set(
  (
    'a an the this that these those my your his her its our their of to in on at by for from with as into about over under ' +
    'is are was were be been am will would can could shall should may might must do does did has have had not no very more ' +
    'most and but or so because which who if when i you he she it we they what how there'
  ).split(' '),
);

/**
 * Where the clause that begins `text` ends, as an index into it, or undefined when that cannot be told yet. The answer depends on
 * the text alone and never on how much of what follows happens to be there: more text never changes an answer once given.
 */
export function findClauseEnd(text: string, clauseIndex: number, isWhole: boolean): number | undefined {
  const lengths = LENGTHS[Math.min(clauseIndex, LENGTHS.length - 1)]!;
  let words = 0;
  let wordStart = -1;
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    const space = isSpace(char);
    if (!space && wordStart < 0) {
      const unit = unitEnd(text, i, isWhole);
      if (unit === 'unknown') return undefined;
      if (unit !== undefined) {
        if (unit.ends && words === 0) return unit.end;
        if (unit.ends) return i;
        i = unit.end - 1;
        words++;
        continue;
      }
      wordStart = i;
    }
    if (!space) {
      const counted = words + (isSpeakable(text.slice(wordStart, i)) ? 1 : 0);
      const end = endAfterMark({ text, at: i, wordStart, words: counted, lengths, isWhole });
      if (end === 'unknown') return undefined;
      if (end !== undefined) return end;
      continue;
    }
    if (wordStart >= 0 && isSpeakable(text.slice(wordStart, i))) words++;
    const word = wordStart >= 0 ? text.slice(wordStart, i) : '';
    wordStart = -1;
    if (char === '\n' && words >= 1) return i;
    if (word === '' || isListMarker(text, i, word)) continue;
    const end = endAtSpace({ text, at: i, word, words, lengths, isWhole });
    if (end === 'unknown') return undefined;
    if (end !== undefined) return end;
  }
  return undefined;
}

interface Place {
  text: string;
  /** Index of the character that is looked at. */
  at: number;
  words: number;
  lengths: ClauseLengths;
  isWhole: boolean;
}
type Decision = number | 'unknown' | undefined;

/** Code blocks stand alone; a Markdown link is one unbreakable word. */
function unitEnd(text: string, at: number, isWhole: boolean): { end: number; ends: boolean } | 'unknown' | undefined {
  if (text[at] === '`') {
    const atLineStart = text.slice(0, at).trimEnd() === '' || /\n\s*$/.test(text.slice(0, at));
    if (!atLineStart) return undefined;
    if (text.length < at + 3 && '```'.startsWith(text.slice(at)) && !isWhole) return 'unknown';
    if (!text.startsWith('```', at)) return undefined;
    const close = text.indexOf('\n```', at + 3);
    if (close < 0) return isWhole ? { end: text.length, ends: true } : 'unknown';
    const lineEnd = text.indexOf('\n', close + 4);
    if (lineEnd < 0) return isWhole ? { end: text.length, ends: true } : 'unknown';
    return { end: lineEnd, ends: true };
  }
  if (text[at] !== '[' && !text.startsWith('![', at)) return undefined;
  const window = text.slice(at, at + LONGEST_LINK_CHARS);
  const link = /^!?\[[^\]\n]*\]\([^)\s]*\)/.exec(window);
  if (link) return { end: at + link[0].length, ends: false };
  const mayBecomeLink = /^!?\[[^\]\n]*(?:\](?:\([^)\s]*)?)?$/.test(window) && window.length < LONGEST_LINK_CHARS;
  return mayBecomeLink && !isWhole ? 'unknown' : undefined;
}

function endAfterMark(place: Place & { wordStart: number }): Decision {
  const { text, at, wordStart, words, lengths, isWhole } = place;
  const char = text[at]!;
  if (char === ',' && /[\p{L}\p{Pe}"”’]/u.test(text[at - 1] ?? '') && !isAddress(text.slice(wordStart, at))) {
    // The only mark that is decided without seeing what follows: no number and no address has a comma after a letter.
    return words >= lengths.mark ? at + 1 : undefined;
  }
  const wanted = ',:;'.includes(char) || '—–'.includes(char) ? lengths.mark : lengths.sentenceEnd;
  if (!',:;—–.!?…'.includes(char) || words < wanted) return undefined;
  if (char === '—') return at + 1;
  let after = at + 1;
  while (after < text.length && (CLOSERS.has(text[after]!) || '.!?…'.includes(text[after]!))) after++;
  if (after >= text.length && !isWhole) return 'unknown';
  if (after < text.length && !isSpace(text[after]!)) return undefined;
  if (char !== '.') return after;
  return endAfterStop({ text, at, wordStart, after, isWhole });
}

function endAfterStop(stop: {
  text: string;
  at: number;
  wordStart: number;
  after: number;
  isWhole: boolean;
}): Decision {
  const { text, at, wordStart, after, isWhole } = stop;
  const word = text.slice(wordStart, at).replace(/^[("“'‘*_[]+/, '');
  if (isListMarker(text, at + 1, `${word}.`)) return undefined;
  const meaning = stopAfter(word);
  if (meaning === 'sentence-end') return after;
  if (meaning === 'inside') return undefined;
  const rest = text.slice(after).trimStart();
  if (rest === '') return isWhole ? after : 'unknown';
  return /^[\p{Lu}"“'‘(*]/u.test(rest) ? after : undefined;
}

function endAtSpace(place: Place & { word: string }): Decision {
  const { text, at, words, lengths, isWhole } = place;
  const last = place.word.replace(/[^\p{L}\p{N}'’]/gu, '').toLowerCase();
  const leans = leansOn(last) || stopAfter(place.word.replace(/\.$/, '')) === 'inside';
  if (words >= lengths.space + (leans ? PATIENCE_WORDS : 0)) return at;
  if (words < lengths.conjunction || leans) return undefined;
  const next = /^\s*(\p{L}*)(.?)/su.exec(text.slice(at))!;
  const nextWord = next[1]!.toLowerCase();
  const isComplete = next[2] !== '' || isWhole;
  if (!isComplete) return PHRASE_STARTERS.some((starter) => starter.startsWith(nextWord)) ? 'unknown' : undefined;
  if (CONJUNCTIONS.has(nextWord)) return at;
  return PREPOSITIONS.has(nextWord) && words >= lengths.phrase ? at : undefined;
}

/** Nobody rests between "the" and its noun, "10" and what is counted, "can't" and its verb. */
function leansOn(word: string): boolean {
  return LEANING.has(word) || /\d$|n['’]t$/.test(word);
}

/** "1." and "-" at the start of a line. */
function isListMarker(text: string, end: number, word: string): boolean {
  return /^(?:\d{1,2}[.)]|[-*+•]|#{1,6})$/.test(word) && /(?:^|\n)\s*$/.test(text.slice(0, end - word.length));
}

function isAddress(word: string): boolean {
  return word.includes('://') || word.startsWith('www.') || word.includes('@');
}

function isSpeakable(word: string): boolean {
  return /[\p{L}\p{N}]/u.test(word);
}

function isSpace(char: string): boolean {
  return /\s/.test(char);
}
