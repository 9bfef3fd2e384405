/** Written with a full stop, always before a name or a number: the stop never ends a sentence. */
export const TITLES: Readonly<Record<string, string>> = {
  Mr: 'Mister',
  Mrs: 'Missus',
  Ms: 'Miz',
  Dr: 'Doctor',
  Prof: 'Professor',
  St: 'Saint',
  Mt: 'Mount',
  Gen: 'General',
  Gov: 'Governor',
  Sen: 'Senator',
  Rep: 'Representative',
  Capt: 'Captain',
  Lt: 'Lieutenant',
  Col: 'Colonel',
  Sgt: 'Sergeant',
  Rev: 'Reverend',
  Hon: 'Honorable',
};

/** Never at the end of a sentence either. */
export const INTRODUCING: Readonly<Record<string, string>> = {
  'e.g': 'for example',
  'i.e': 'that is',
  vs: 'versus',
  cf: 'compare',
  approx: 'approximately',
  ca: 'circa',
  fig: 'figure',
  Fig: 'Figure',
  vol: 'volume',
  Vol: 'Volume',
  ch: 'chapter',
  pp: 'pages',
};

/** May also be the last word of a sentence: what follows has to tell. */
export const CLOSING: Readonly<Record<string, string>> = {
  etc: 'et cetera',
  Jr: 'Junior',
  Sr: 'Senior',
  Inc: 'Incorporated',
  Ltd: 'Limited',
  Corp: 'Corporation',
  Co: 'Company',
  Ave: 'Avenue',
  Blvd: 'Boulevard',
  Rd: 'Road',
  Dept: 'Department',
  Apt: 'Apartment',
  Jan: 'January',
  Feb: 'February',
  Mar: 'March',
  Apr: 'April',
  Jun: 'June',
  Jul: 'July',
  Aug: 'August',
  Sep: 'September',
  Sept: 'September',
  Oct: 'October',
  Nov: 'November',
  Dec: 'December',
  min: 'minutes',
  hrs: 'hours',
};

export type StopMeaning = 'sentence-end' | 'inside' | 'ask-what-follows';

/** What the full stop after `word` (without it) means: "Dr" and "J" go on, "etc" and "p.m" may end a sentence. */
export function stopAfter(word: string): StopMeaning {
  if (Object.hasOwn(TITLES, word) || Object.hasOwn(INTRODUCING, word)) return 'inside';
  if (/^\p{L}$/u.test(word)) return word === 'I' ? 'sentence-end' : 'inside';
  if (Object.hasOwn(CLOSING, word) || /^(?:\p{L}\.)+\p{L}$/u.test(word)) return 'ask-what-follows';
  return /^(?:No|Nos|no|nos)$/.test(word) ? 'ask-what-follows' : 'sentence-end';
}
