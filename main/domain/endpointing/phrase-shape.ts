import { spokenWords } from '../barge-in/vocabulary.ts';

/** What the words alone say about whether the speaker is through. */
export type PhraseShape =
  /** Ends on a word that needs another: "and", "the", "to", "um". */
  | 'unfinished'
  /** Digits or spelled letters are being dictated; more may follow. */
  | 'dictating'
  /** A question or a request in full form. */
  | 'question'
  /** A short answer that is whole by itself: "yes", "no thanks", "stop". */
  | 'short-answer'
  | 'statement';

const NEEDS_MORE = new Set(
  (
    'and or but so because if when while although though unless until than that which who whose ' +
    'the a an my your his her its our their this these those some any every each no ' +
    'to of in on at for with from by about into onto over under between after before without through during ' +
    'is are was were am be been being will would can could should shall may might must do does did has have had ' +
    "i you we they he she it's i'm you're we're they're let's " +
    'very really quite just also maybe like as not please um uh er erm hmm'
  ).split(' '),
);

/** Words of NEEDS_MORE that also end whole sentences: "yes I am", "what is that", "I think so". */
const ALSO_FINAL = new Set('that this those these so do did does am is are was were have had can could will would should it you me please no like though about in on over'.split(' ')); // prettier-ignore

const NUMBER_WORDS = new Set('zero oh one two three four five six seven eight nine ten eleven twelve hundred double triple dash point dot'.split(' ')); // prettier-ignore

const QUESTION_OPENERS = new Set('what when where who whom whose why which how is are was were do does did can could will would should shall may has have am tell show give play set turn open close call send explain describe write read find search remind cancel add remove start pause resume list define translate spell say repeat compare recommend suggest help make count convert calculate flip roll pick choose name'.split(' ')); // prettier-ignore

const SHORT_ANSWERS = new Set('yes no yeah yep nope sure okay ok thanks hello hi hey goodbye bye stop wait right correct exactly never always maybe cancel continue help please today tomorrow'.split(' ')); // prettier-ignore

/** Of the last sentence of what was said so far. */
export function phraseShape(text: string): PhraseShape {
  const sentence = /[^.?!]*[.?!…\s]*$/u.exec(text.trim())![0];
  return shapeOf(sentence.trim() === '' ? text : sentence);
}

function shapeOf(text: string): PhraseShape {
  const words = spokenWords(text);
  const last = words.at(-1);
  if (last === undefined) return 'unfinished';
  const asks = QUESTION_OPENERS.has(words[0]!) || text.trimEnd().endsWith('?');
  if (words.length <= 3 && SHORT_ANSWERS.has(words[0]!) && !NEEDS_MORE.has(last)) return 'short-answer';
  if (words.length === 1 && SHORT_ANSWERS.has(last)) return 'short-answer';
  if (isDictated(words)) return 'dictating';
  if (NEEDS_MORE.has(last) && !(ALSO_FINAL.has(last) && (asks || words.length > 3))) return 'unfinished';
  if (/\.\.\.\s*$|…\s*$/u.test(text)) return 'unfinished';
  if (asks) return 'question';
  // Recognisers put a comma after half of the questions that were cut off at a pause; after a statement it means more.
  return /[,;:–-]\s*$/u.test(text) ? 'unfinished' : 'statement';
}

/** The last two words are digits, number words or single letters. */
function isDictated(words: string[]): boolean {
  const tail = words.slice(-2);
  return (
    tail.length === 2 && tail.every((word) => /^\d+$/.test(word) || NUMBER_WORDS.has(word) || /^[b-hj-z]$/.test(word))
  );
}
