import type { PastExchange } from '../../ports/responder.ts';
import { SMALL_NUMBERS } from '../../lib/number-names.ts';
import { normalise } from '../utterance/normalise.ts';
import { MONTHS } from './moments.ts';
import type { Skill } from './skill.ts';

/** "My flight leaves on Sunday." is "my flight", "leave", "on Sunday"; whatever somebody's name is, they `call`. */
interface Clause {
  /** Normalised: "i", "my dog". */
  subject: string;
  verb: string;
  rest: string;
}

interface Told extends Clause {
  /** As it was said: "leaves". */
  saidVerb: string;
}

/** `rest` is what the answer has to begin with: "allergic to". */
interface Asked extends Clause {
  kind: 'thing' | 'place' | 'time' | 'age';
}

const BE = 'am|is|are|was|were';
const VERBS =
  'live|work|drive|leave|start|begin|arrive|end|come|go|own|play|study|like|love|hate|prefer|speak|collect|teach'.split(
    '|',
  );
const SAID_VERBS = `${BE}|${VERBS.flatMap((verb) => [verb, thirdPerson(verb)]).join('|')}`;
const OF_YOU: Readonly<Record<string, string>> = { am: 'are', was: 'were' };
/** Of what is told about one thing; more is a story. */
const MOST_WORDS = 8;

const LEAD_IN = /^(?:(?:well|and|also|so|oh|okay|hi|hello|hey|by the way|(?:please )?remember(?: that)?),? )+/i;
const STATEMENT = new RegExp(`^(?<subject>i|my (?:[\\p{L}\\p{N}'-]+ ){1,4}?)\\s?\\b(?<verb>${SAID_VERBS}) (?<rest>.+)$`, 'iu'); // prettier-ignore
const CALL_ME = /^(?:please )?call me (?<rest>.+)$/i;
/** "No, it is on Wednesday." puts right what was told just before. */
const CORRECTION = new RegExp(`^(?:no|wait|sorry|actually|i mean)\\b.*?\\b(?:it|that|he|she|they) (?:${BE}) (?<rest>.+)$`, 'i'); // prettier-ignore
/** There is more in such a sentence than one thing told, or it is about the assistant. */
const NOT_PLAIN = /\b(?:if|when|while|because|but|or|who|which|what|you|your|yours|supposed|going to)\b/;
const TAKES_BACK = /\b(?:not|never|no longer|used to|any ?more)\b/;

const WH = '(?<wh>what|who|where|when|how old|(?:at )?(?:what|which) time|(?:on )?(?:what|which) day)';
const SUBJECT = '(?<subject>i|my .+?)';
const QUESTIONS = [
  new RegExp(`^${WH} (?<verb>${BE}) (?<subject>my .+?)(?: (?<rest>called|named|born))?$`),
  new RegExp(`^${WH} (?<verb>${BE}) (?<subject>i)(?: (?<rest>.+))?$`),
  new RegExp(`^${WH} (?:do|does) ${SUBJECT} (?<verb>${VERBS.join('|')})(?: (?<rest>as|in|at|for|on|to|from))?$`),
  // In the order of "do you know where …".
  new RegExp(`^(?:do you (?:know|remember) |remember )?${WH} ${SUBJECT} (?<verb>${SAID_VERBS})(?: (?<rest>called|named|born))?$`), // prettier-ignore
  /^(?:do you (?:still )?(?:know|remember)|remember) (?<subject>my .+)$/,
];

const TIME = new RegExp(`\\b(?:\\w+day|${MONTHS.join('|')}|tomorrow|tonight|noon|midnight|morning|afternoon|evening|night|week|month|year|spring|summer|autumn|winter|christmas|easter|\\d+(?::\\d\\d)?|${SMALL_NUMBERS.slice(1, 13).join('|')})\\b`, 'i'); // prettier-ignore
const PLACE =
  /^(?:in|at|on|near|by|from|to|next|behind|under|outside|inside|close|off|around|here|abroad|upstairs|downstairs)\b/i;
const AGE = /^\d+(?: years old)?$|^[a-z]+(?:[ -][a-z]+)? years old$/i;

/**
 * What users have told of themselves in this conversation, asked back: "My flight leaves on Sunday." … "When does my flight leave?" The last
 * that was told is told back in its own words. It keeps nothing; what was not told, or was taken back, is left to the model.
 */
export const toldSkill: Skill = {
  name: 'told',
  answer({ forms, history }) {
    for (const form of forms) {
      const asked = readQuestion(form);
      const told = asked && findTold(history, asked);
      if (told) return { text: toldBack(told) };
    }
    return null;
  },
};

function readQuestion(form: string): Asked | null {
  const text = form.replace(/\bthe name of (my .+)$/, '$1 s name');
  if (text === 'who am i') return { kind: 'thing', subject: 'i', verb: 'call', rest: '' };
  if (/^what do i do(?: for (?:a living|work))?$/.test(text))
    return { kind: 'thing', subject: 'i', verb: 'work', rest: 'as' };
  for (const pattern of QUESTIONS) {
    const groups = pattern.exec(text)?.groups;
    if (!groups) continue;
    const { wh = 'what', subject = '', verb = 'is', rest = '' } = groups;
    if (subject === 'i' && infinitive(verb) === 'be' && rest === '' && wh !== 'how old') return null;
    return { kind: kindOf(wh), ...named({ subject: sameSpelling(subject), verb: infinitive(verb), rest }) };
  }
  return null;
}

function kindOf(wh: string): Asked['kind'] {
  if (wh === 'where') return 'place';
  if (wh === 'how old') return 'age';
  return wh === 'what' || wh === 'who' ? 'thing' : 'time';
}

function findTold(history: readonly PastExchange[], asked: Asked): Told | null {
  let told: Told[] = [];
  let toldBefore: Told | undefined;
  for (const { user } of history) {
    const toldNow: Told[] = [];
    for (const sentence of sentencesOf(user)) {
      const plain = normalise(sentence);
      const correction = CORRECTION.exec(sentence)?.groups;
      const statement = NOT_PLAIN.test(plain) ? null : readStatement(sentence);
      if (correction && toldBefore) toldNow.push({ ...toldBefore, rest: correction.rest! });
      else if (TAKES_BACK.test(plain)) told = withoutDenied(told, plain);
      else if (statement) toldNow.push(statement);
    }
    told.push(...toldNow);
    toldBefore = toldNow.at(-1);
  }
  return told.findLast((each) => answers(each, asked)) ?? null;
}

function sentencesOf(text: string): string[] {
  return (text.match(/[^.!?]+(?:\.\d[^.!?]*)*[.!?]*/g) ?? [])
    .map((sentence) => sentence.trim())
    .filter((sentence) => !sentence.endsWith('?'))
    .map((sentence) => sentence.replace(/[.!,\s]+$/, '').replace(LEAD_IN, ''))
    .map((sentence) => sentence.replace(/\bI'm\b/gi, 'I am').replace(/(\w)'s (?=called|named)/g, '$1 is '));
}

function readStatement(sentence: string): Told | null {
  const name = CALL_ME.exec(sentence)?.groups?.rest;
  if (name !== undefined) return { subject: 'i', verb: 'call', saidVerb: 'am', rest: name };
  const groups = STATEMENT.exec(sentence)?.groups;
  if (!groups || groups.rest!.split(' ').length > MOST_WORDS) return null;
  const { subject, verb, rest } = groups;
  const clause = { subject: sameSpelling(normalise(subject!)), verb: infinitive(verb!.toLowerCase()), rest: rest! };
  return { ...named(clause), saidVerb: verb!.toLowerCase() };
}

/** What is no more true is no more known: whatever was told about the same. */
function withoutDenied(told: readonly Told[], plain: string): Told[] {
  const words = new Set(sameSpelling(plain).split(' '));
  const isMeant = ({ subject, verb }: Told): boolean =>
    subject === 'i' ? words.has(verb) || verb === 'be' : subject.split(' ').every((word) => words.has(word));
  return told.filter((each) => !isMeant(each));
}

function answers({ subject, verb, rest }: Told, asked: Asked): boolean {
  if (subject !== asked.subject || verb !== asked.verb) return false;
  if (asked.rest !== '' && !`${normalise(rest)} `.startsWith(`${asked.rest} `)) return false;
  switch (asked.kind) {
    case 'place':
      return !TIME.test(rest) && PLACE.test(asked.rest === '' ? rest : rest.slice(asked.rest.length + 1));
    case 'time':
      return TIME.test(rest);
    case 'age':
      return AGE.test(rest);
    case 'thing':
      return true;
    default:
      return asked.kind satisfies never;
  }
}

function named(clause: Clause): Clause {
  const { subject, verb, rest } = clause;
  if (verb !== 'be') return clause;
  if (subject === 'my name') return { subject: 'i', verb: 'call', rest };
  if (subject.endsWith(' s name')) return { subject: subject.slice(0, -' s name'.length), verb: 'call', rest };
  const called = /^(?:called|named)(?: (.+))?$/i.exec(rest);
  return called ? { subject, verb: 'call', rest: called[1] ?? '' } : clause;
}

function toldBack({ subject, verb, saidVerb, rest }: Told): string {
  const words = rest
    .replace(/\bI am\b/g, 'you are')
    .replace(/\b(?:I|me)\b/g, 'you')
    .replace(/\bmy\b/gi, 'your')
    .replace(/\bmyself\b/gi, 'yourself');
  const whose = subject === 'i' ? 'You' : `Your${subject.slice('my'.length)}`;
  if (verb === 'call') return subject === 'i' ? `Your name is ${words}.` : `${whose} is called ${words}.`;
  const spokenVerb = subject === 'i' ? (OF_YOU[saidVerb] ?? saidVerb) : saidVerb;
  return `${whose} ${spokenVerb} ${words}.`;
}

function infinitive(verb: string): string {
  if (BE.split('|').includes(verb)) return 'be';
  return VERBS.find((each) => each === verb || thirdPerson(each) === verb)!;
}

function thirdPerson(verb: string): string {
  if (verb.endsWith('dy')) return verb.replace(/y$/, 'ies');
  return /(?:ch|go)$/.test(verb) ? `${verb}es` : `${verb}s`;
}

function sameSpelling(text: string): string {
  return text.replaceAll(/\bfavourite\b/g, 'favorite').replaceAll(/\bcolour\b/g, 'color');
}
