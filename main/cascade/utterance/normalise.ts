/** What recognisers write in one of several ways, in one way. Keys and values are whole words. */
const CONTRACTIONS: readonly (readonly [RegExp, string])[] = [
  [/\b(what|who|where|when|how|that|it|there|here|he|she|time|name)'s\b/g, '$1 is'],
  [/\b(what|how|where|who|that)s\b/g, '$1 is'],
  [/\blet's\b/g, 'let us'],
  [/\bi'm\b/g, 'i am'],
  [/\bim\b/g, 'i am'],
  [/\b(i|you|we|they)'ve\b/g, '$1 have'],
  [/\b(i|you|we|they|he|she|it|that|there|what)'ll\b/g, '$1 will'],
  [/\b(i|you|we|they|he|she)'d\b/g, '$1 would'],
  [/\b(you|we|they|what|who|how)'re\b/g, '$1 are'],
  [/\bhow'd\b/g, 'how did'],
  [/\bcan'?t\b|\bcannot\b/g, 'can not'],
  [/\bwon't\b/g, 'will not'],
  [/\b(do|does|did|is|are|was|were|have|has|would|could|should)n'?t\b/g, '$1 not'],
  [/\bgonna\b/g, 'going to'],
  [/\bwanna\b/g, 'want to'],
  [/\bgotta\b/g, 'got to'],
  [/\bgimme\b/g, 'give me'],
  [/\blemme\b/g, 'let me'],
  [/\bwhaddya\b/g, 'what do you'],
  [/\b(?:thank ?you|thankyou)\b/g, 'thank you'],
  [/\bok(?:ay|ey)?\b/g, 'okay'],
  [/\bo\.k\.?/g, 'okay'],
  [/\ball right\b/g, 'alright'],
  [/\bgood ?bye\b/g, 'goodbye'],
  [/\bbye[ -]bye\b/g, 'bye bye'],
  [/\bgood ?night\b/g, 'good night'],
  [/\bnever ?mind\b/g, 'never mind'],
  [/\byou are welcome\b/g, 'you are welcome'],
  // Misheard, not written otherwise: nobody says an alarm.
  [/\b(?:said|sat) (an?|another) (timer|alarm|reminder)\b/g, 'set $1 $2'],
];

const SIGNS: readonly (readonly [RegExp, string])[] = [
  [/(?<=\d)\s*%/g, ' percent'],
  [/\s\+\s|(?<=\d)\+(?=\d)/g, ' plus '],
  [/(?<=\d)\s*[×*]\s*(?=\d)|(?<=\d)\s*x\s*(?=\d)/g, ' times '],
  [/(?<=\d)\s*[÷]\s*(?=\d)|(?<=\d)\s+\/\s+(?=\d)|(?<=\d)\/(?=\d)/g, ' divided by '],
  [/(?<=\d)\s*[−–]\s*(?=\d)|(?<=\d)\s+-\s*(?=\d)|(?<=\d)-(?=\d)/g, ' minus '],
  [/\s=\s?/g, ' equals '],
  [/\^/g, ' to the power of '],
  [/°\s?c\b/g, ' celsius'],
  [/°\s?f\b/g, ' fahrenheit'],
  [/°/g, ' degrees '],
  [/½/g, ' and a half'],
  [/&/g, ' and '],
  [/\b([ap])\.\s?m\b\.?/g, '$1m'],
  [/(\d)([ap]m|km|kg|mg|ml|cm|mm|k|g|m|l|lbs?|oz|mph|kph|kmh|gb|mb|kb|tb)\b/g, '$1 $2'],
  [/\bkm\/h\b/g, 'kmh'],
];

const FILLERS =
  /\b(?:u+m+|u+h+|e+r+m*|h+m+|ah|eh|mm+|(?<!\b(?:do|did|if|that|would|how do|as) )you know|i mean|kind of|sort of|actually|basically)\b(?! (?:huh|hmm))/g;

/**
 * A user's words in one spelling: lower case, contractions in full, signs in words, no punctuation, no fillers. Digits keep their
 * decimal points and colons ("7:30", "2.5"); thousands lose their commas. Never throws; "" when there are no words.
 */
export function normalise(raw: string): string {
  let text = raw
    .toLowerCase()
    .normalize('NFKC')
    .replace(/[’‘`´]/g, "'");
  text = text.replace(/(?<=\d),(?=\d{3}\b)/g, '');
  for (const [sign, words] of SIGNS) text = text.replace(sign, words);
  for (const [short, full] of CONTRACTIONS) text = text.replace(short, full);
  text = text
    .replace(/(?<=\d)[.:](?=\d)/g, (mark) => (mark === '.' ? '\uE000' : '\uE001'))
    .replace(/'s\b/g, ' s')
    .replace(/'/g, '')
    .replace(/[^\p{L}\p{N}\uE000\uE001]+/gu, ' ')
    .replace(/\uE000/g, '.')
    .replace(/\uE001/g, ':');
  const words = text.replace(FILLERS, ' ').replace(/\s+/g, ' ').trim();
  // Only fillers were said: they are all there is.
  return words === '' ? text.replace(/\s+/g, ' ').trim() : words;
}
