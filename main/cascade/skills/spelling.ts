import { firstMatch, type Skill } from './skill.ts';

const PATTERNS = [
  /^(?:how (?:do|would|should|can|does) (?:you|i|we|one) spell|how to spell|spell out|spell|what is the (?:correct )?spelling (?:of|for))(?: the word| the name| out)? (?<word>[a-z]{2,30})$/,
  /^how is(?: the word)? (?<word>[a-z]{2,30}) (?:spelled|spelt|written)$/,
  /^how (?:do|would) (?:you|i|we) write (?:the word )(?<word>[a-z]{2,30})$/,
];
/** "how do you spell it": there is no word to spell. */
const POINTING = /^(?:it|that|this|them|those|these|check|something|words|better|correctly|out|my|your|name)$/;

export const spellingSkill: Skill = {
  name: 'spelling',
  answer({ forms }) {
    const word = firstMatch(forms, ...PATTERNS)?.groups!.word;
    if (word === undefined || POINTING.test(word)) return null;
    return { text: `${word[0]!.toUpperCase()}${word.slice(1)}: ${[...word.toUpperCase()].join(', ')}.` };
  },
};
