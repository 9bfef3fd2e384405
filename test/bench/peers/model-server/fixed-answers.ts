/**
 * What the model's server says when words are fixed. How long a small model's first sentence happens to be moves voice to voice by more than a
 * second, so two products get the same words to speak; and there are enough of them that nobody gains by keeping what was spoken before.
 */
const OPENINGS = [
  'I think that',
  'Most people say that',
  'As far as I know,',
  'I have read that',
  'Some would say that',
  'It is well known that',
  'My best guess is that',
  'The short answer is that',
] as const;
const STATEMENTS = [
  'it takes about an hour.',
  'there are seven of them.',
  'it is quite easy to do.',
  'it depends on the weather.',
  'nobody is really sure.',
  'it was a long time ago.',
  'you can find it in the north.',
  'the second one is better.',
] as const;
/** Some 15 s of speech, in sentences: an answer that is over before an interruption has worked shows nothing, nor does one that has not begun. */
const LONG_ANSWER =
  'That is a long story, and it begins in a small town by the river. There an old man kept a garden full of apple trees. ' +
  'He told everybody who came by about the years that he had spent at sea. He had seen whales and storms and islands ' +
  'without a name. When the lamps were lit, the children were called in one after another.';
/** Words that recognisers hear right, and that only the requests for long answers have. */
const ASKS_FOR_LENGTH = /\b(details?|long story|everything you|step by step|tell me all)\b/i;

/** The same words for the same last words of a user, whatever was said before. Punctuation and case do not count: recognisers differ in them. */
export function fixedAnswer(userText: string): string {
  if (ASKS_FOR_LENGTH.test(userText)) return LONG_ANSWER;
  const hash = hashOf(userText.toLowerCase().replace(/[^a-z]/g, ''));
  const opening = OPENINGS[hash % OPENINGS.length]!;
  const statement = STATEMENTS[Math.floor(hash / OPENINGS.length) % STATEMENTS.length]!;
  return `${opening} ${statement}`;
}

function hashOf(text: string): number {
  let hash = 7;
  for (const letter of text) hash = (hash * 31 + letter.charCodeAt(0)) >>> 0;
  return hash;
}
