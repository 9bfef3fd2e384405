import { bareWords } from '../barge-in/vocabulary.ts';
import { announcesDictation, dictation, isReadOut } from './dictation.ts';

/** What the words alone say about whether the speaker is through. */
export type PhraseShape =
  /** Ends on a word that needs another ("and", "the", "to", "um"), or is only the opening of something: "My dear friends,", "If it rains". */
  | 'unfinished'
  /** Digits or spelled letters are being dictated; more may follow. */
  | 'dictating'
  /** A question or a request in full form. */
  | 'question'
  /** A short answer that is whole by itself: "yes", "no thanks", "stop"; a few words after a question. */
  | 'short-answer'
  | 'statement';

const NEEDS_MORE = new Set(
  (
    'and or but so because if when while although though unless until than that which who whose ' +
    'the a an my your his her its our their this these those some any every each no ' +
    'to of in on at for with from by about into onto over under between after before without through during ' +
    'is are was were am be been being will would can could should shall may might must do does did has have had ' +
    "i you we they he she it's i'm you're we're they're let's " +
    'very really quite just also maybe like as not please um uh er erm hmm want need'
  ).split(' '),
);

/** Words of NEEDS_MORE that also end whole sentences: "yes I am", "what is that", "I think so". */
const ALSO_FINAL = new Set('that this those these so do did does am is are was were have had can could will would should it you me please no like though about in on over want need'.split(' ')); // prettier-ignore

const WH_WORDS = 'what when where who whom whose why which how'.split(' ');

const QUESTION_OPENERS = new Set([...WH_WORDS, ...'is are was were do does did can could will would should shall may has have am tell show give play set turn open close call send explain describe write read find search remind cancel add remove start pause resume list define translate spell say repeat compare recommend suggest help make count convert calculate flip roll pick choose name book schedule reserve wake remember check put take delete clear skip mute unmute change switch look order translate note log save'.split(' ')]); // prettier-ignore

/** Whoever asks "what" or "who" dictates nothing, and may end on a preposition. */
const WH_OPENERS = new Set([...WH_WORDS, "what's", "where's", "who's"]);

/** Prepositions that end questions: "Who am I talking to?", "Where does chocolate come from?" … */
const STRANDED = new Set('to of in on at for with from by about into like after through'.split(' '));

/** … behind these verbs and those in -ing, whereas "What is the capital of" breaks off behind a noun … */
const BEFORE_STRANDED = new Set('come comes came went gone work works belong belongs think know talk listen look live lives made named called used known good left'.split(' ')); // prettier-ignore

/** … and some of them behind a pronoun: "What is it for?", but "How much is that in" breaks off. */
const STRANDED_BEHIND_PRONOUN = new Set('for about like from'.split(' '));
const PRONOUNS = new Set('you it that this these those he she they him her them'.split(' '));

/** Statements that ask for something. */
const REQUEST_OPENERS = ['i would like', "i'd like", 'i want', 'i need', 'please', "let's", "i'm looking for", 'i am looking for']; // prettier-ignore

const SHORT_ANSWERS = new Set('yes no yeah yep nope sure okay ok thanks thank hello hi hey goodbye bye good stop wait right correct exactly never always maybe cancel continue help please today tomorrow'.split(' ')); // prettier-ignore

/** Sentences that begin so have a second half: "If it rains tomorrow …", "First, open the door …". */
const SUBORDINATORS = new Set('if when whenever because although though while since unless once after before as first firstly'.split(' ')); // prettier-ignore

/** Before an address or a turn of thought; with nothing but a name or a noun after them, the sentence has not begun. */
const LEAD_INS = new Set('and so now well anyway okay but then oh dear my our fellow listen look ladies gentlemen in short'.split(' ')); // prettier-ignore

/** Before their verb they make no question of what "when" or "what" begins: "When I get home tonight …", "What I mean is". */
const SUBJECTS = new Set("i i'm i'd i've we we're they he she my our the".split(' '));

const ADDRESSED = new Set('friend friends american americans gentlemen guys folks everyone everybody sir madam colleagues'.split(' ')); // prettier-ignore

/** Answers are rarely longer. */
const ANSWER_WORDS = 6;
const SHORT_WORDS = 3;
/** Longer sentences with a subordinator have their second half. */
const OPENING_WORDS = 8;

/** Of the last sentence of what was said so far. `answersQuestion`: the assistant has just asked something. */
export function phraseShape(text: string, { answersQuestion = false } = {}): PhraseShape {
  const sentences = text.trim().match(/[^.?!]*[.?!…\s]*/gu)!.filter((each) => /[\p{L}\p{N}]/u.test(each)); // prettier-ignore
  const last = sentences.slice(beginOfLast(sentences)).join('');
  return shapeOf(last === '' ? text : last, answersQuestion && sentences.length <= 1);
}

/** Recognisers put a full stop behind every group of a number: the groups belong to the sentence before. */
function beginOfLast(sentences: readonly string[]): number {
  let at = Math.max(0, sentences.length - 1);
  // Not the places of "3.14".
  while (at > 0 && /\s$/u.test(sentences[at - 1]!) && isReadOut(bareWords(sentences[at]!))) at--;
  return at;
}

function shapeOf(text: string, answersQuestion: boolean): PhraseShape {
  const words = bareWords(text);
  const [first, last] = [words[0], words.at(-1)];
  if (first === undefined || last === undefined) return 'unfinished';
  if (words.length <= SHORT_WORDS && SHORT_ANSWERS.has(first) && (words.length === 1 || !NEEDS_MORE.has(last) || last === 'you')) return 'short-answer'; // prettier-ignore
  const asks = asksForSomething(words) || text.trimEnd().endsWith('?');
  if (first === 'when' && SUBJECTS.has(words[1]!) && words.length <= OPENING_WORDS) return 'unfinished';
  if (asksWithPreposition(words)) return 'question';
  const dictated = WH_OPENERS.has(first) ? null : dictation(text);
  if (dictated) return dictated === 'complete' ? 'question' : 'dictating';
  if (announcesDictation(words)) return 'unfinished';
  if (NEEDS_MORE.has(last) && !(ALSO_FINAL.has(last) && (asks || words.length > 3))) return 'unfinished';
  if (/\.\.\.\s*$|…\s*$/u.test(text)) return 'unfinished';
  if (asks) return 'question';
  if (isOnlyOpening(words)) return 'unfinished';
  if (answersQuestion && words.length <= ANSWER_WORDS) return 'short-answer';
  // Recognisers put a comma after half of the questions that were cut off at a pause; after a statement it means more.
  if (/[,;:–-]\s*$/u.test(text)) return 'unfinished';
  return 'statement';
}

/** "Where does chocolate come from": the preposition needs nothing more. */
function asksWithPreposition(words: readonly string[]): boolean {
  const [first, before, last] = [words[0]!, words.at(-2), words.at(-1)!];
  if (words.length < 4 || before === undefined || !WH_OPENERS.has(first) || !STRANDED.has(last)) return false;
  if (PRONOUNS.has(before)) return STRANDED_BEHIND_PRONOUN.has(last);
  return BEFORE_STRANDED.has(before) || before.endsWith('ing');
}

function asksForSomething(words: readonly string[]): boolean {
  const isInverted = !WH_OPENERS.has(words[0]!) || !SUBJECTS.has(words[1]!);
  if (QUESTION_OPENERS.has(words[0]!) && isInverted) return true;
  const opening = `${words.slice(0, 4).join(' ')} `;
  return REQUEST_OPENERS.some(
    (phrase) => opening.startsWith(`${phrase} `) && words.length > phrase.split(' ').length + 1,
  );
}

/** An address ("And so, my fellow Americans"), a turn of thought ("Well", "In short") or half of a compound ("If it rains tomorrow"). */
function isOnlyOpening(words: readonly string[]): boolean {
  if (SUBORDINATORS.has(words[0]!)) return words.length <= OPENING_WORDS;
  if (words.every((word) => LEAD_INS.has(word) || ADDRESSED.has(word))) return true;
  return ADDRESSED.has(words.at(-1)!) && words.length <= 5;
}
