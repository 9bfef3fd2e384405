const NAME = '(?:parley|parlay|pauli|barley)';

/** What people put before what they want. The longest first, because they nest ("okay so could you please tell me"). */
const OPENINGS = [
  `(?:hey|hi|hello|yo|okay|oh|so|well|now|and|but first)? ?${NAME}`,
  'okay so', 'okay', 'oh', 'so', 'well', 'alright', 'right', 'hey', 'and', 'now', 'say', 'listen', 'excuse me', 'pardon me', 'sorry',
  'please', 'quick question', 'one question', 'question', 'just', 'also', 'then', 'quickly', 'real quick',
  '(?:can|could|would|will) you(?: please| just| maybe| quickly| kindly)*',
  '(?:can|could|may) i (?:please )?(?:ask you|ask|have you)',
  '(?:do|would|might) you (?:happen to )?(?:know|mind telling me|be able to tell me)',
  'any idea', 'any chance you know', 'i wonder', 'i was wondering(?: if you could(?: tell me)?)?', 'i am wondering',
  'i (?:want|would like|would love|need|d like) (?:you )?to(?: know)?', 'i need to know', 'i would like for you to',
  'let me know', 'remind me again', 'help me', 'go ahead and', 'it would be (?:great|nice) if you could',
  'tell me', 'give me', 'show me', 'let us',
]; // prettier-ignore
const CLOSINGS = [
  'please', 'for me', 'right now', 'real quick', 'quickly', 'if you can', 'if you could', 'if you do not mind', 'if possible', 'if you please',
  'when you (?:can|get a chance)', 'thank you', 'thanks', 'then', 'okay', 'again', 'you think', 'do you know', 'will you', 'would you',
  'can you', 'could you', NAME, 'mate', 'buddy', 'my friend', 'dear', 'exactly', 'by the way', 'anyway', 'now',
]; // prettier-ignore

const OPENING = new RegExp(`^(?:${OPENINGS.join('|')}) +(?=\\S)`);
const CLOSING = new RegExp(` +(?:${CLOSINGS.join('|')})$`);

/**
 * The words with ever less politeness around them, the full words first: "hey parley could you tell me the time please" →
 * …, "the time". Each is tried in turn, so that a phrase which contains such words ("can you hear me") is still found whole.
 */
export function politeForms(text: string): string[] {
  const forms = [text];
  for (let rest = text; ;) {
    const opened = rest.replace(OPENING, '');
    const next = opened === rest ? rest.replace(CLOSING, '') : opened;
    if (next === rest || next === '') return forms;
    // Without the closing, but with the opening: "can you hear me please".
    if (opened !== rest) {
      const closed = rest.replace(CLOSING, '');
      if (closed !== rest && closed !== '') forms.push(closed);
    }
    forms.push(next);
    rest = next;
  }
}
