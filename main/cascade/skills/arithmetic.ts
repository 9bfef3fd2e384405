import type { Skill, SkillAnswer } from './skill.ts';
import { evaluateSpoken, spokenNumber } from './spoken-expression.ts';

/** "In" is what recognisers make of the "and" of a second sum. */
const OPENING =
  /^(?:(?:what|how much)(?: is| are| does| do| would| will)?(?: you get if you| do you get if you| do i get if i| be| make| the (?:result|sum|product|answer) (?:of|to))?|calculate|compute|work out|solve|figure out|add up|can you do|the result of|what do you get (?:if|when) you|do the math(?: on)?|evaluate|in)(?: the)? /;
const CLOSING =
  / (?:equals?|is|make|makes|come to|equal to|is what|is how much|equals what|equal|be|altogether|in total|is it)(?: what| how much)?$/;
/** Orders of doing: "divide 144 by 12", "multiply six by seven", "subtract 5 from 20", "add 3 and 4". */
const ORDERS: readonly (readonly [RegExp, string])[] = [
  [/^divide (.+) by (.+)$/, '$1 divided by $2'],
  [/^multiply (.+) (?:by|with|times|and) (.+)$/, '$1 times $2'],
  [/^(?:subtract|take|take away) (.+) (?:away )?from (.+)$/, '$2 minus $1'],
  [/^add (.+) (?:and|to|plus|with) (.+)$/, '$1 plus $2'],
  [
    /^if (?:i|you|we) take (.+) (?:away )?from (.+?)(?: what (?:is|do (?:i|you) have|have (?:i|you)))?(?: left)?$/,
    '$2 minus $1',
  ],
  [/^if (?:i|you|we) take (.+) away from (.+?) what is left$/, '$2 minus $1'],
  [/^(?:the )?sum of (.+) and (.+)$/, '$1 plus $2'],
  [/^(?:the )?product of (.+) and (.+)$/, '$1 times $2'],
  [/^(?:the )?difference between (.+) and (.+)$/, '$1 minus $2'],
  [/^a (\w+) percent tip on (.+?)(?: dollars| bucks| euros)?$/, '$1 percent of $2'],
  [/^(.+) and (.+) added(?: together)?$/, '$1 plus $2'],
  [/^(.+) and (.+) multiplied(?: together)?$/, '$1 times $2'],
  [/^how many times does (.+) go into (.+)$/, '$2 divided by $1'],
];

export const arithmeticSkill: Skill = {
  name: 'arithmetic',
  sentences: ["You can't divide by zero."],
  answer({ forms }) {
    for (const form of forms) {
      const sum = form.replace(OPENING, '').replace(CLOSING, '');
      for (const words of [sum, ...ordered(sum)]) {
        const answer = answerSum(words);
        if (answer) return answer;
      }
    }
    return null;
  },
};

function ordered(sum: string): string[] {
  return ORDERS.flatMap(([pattern, words]) => (pattern.test(sum) ? [sum.replace(pattern, words)] : []));
}

function answerSum(words: string): SkillAnswer | null {
  const result = evaluateSpoken(words);
  if (!result) return null;
  if (result.type === 'value') {
    const { text, isRounded } = spokenNumber(result.value);
    return { text: `${capital(result.expression)} is ${isRounded ? 'about ' : ''}${text.replace('-', 'minus ')}.` };
  }
  if (result.reason === 'division-by-zero') return { text: "You can't divide by zero." };
  if (result.reason === 'root-of-negative') return { text: 'A negative number has no real square root.' };
  return { text: 'That number is too large to say.' };
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
