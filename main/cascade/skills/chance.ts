import { firstMatch, type Skill, type SkillAnswer } from './skill.ts';
import { counted, spokenList } from './spoken-lists.ts';

const COIN =
  /^(?:flip|toss|throw|do|spin)(?: me)? a coin(?: flip| toss)?(?: toss)?$|^heads or tails$|^(?:a )?coin (?:flip|toss)$|^(?:do a )coin (?:flip|toss)$/;
const DICE =
  /^(?:roll|throw|toss|shake|cast)(?: me)? (?:(?<n>\d+|an?|the|some|a pair of|a couple of) )?(?:(?<sides>\d+) sided )?(?:dice|die|d(?<d>4|6|8|10|12|20|100))(?: (?<times>twice))?$/;
const NUMBER =
  /^(?:(?:pick|choose|think of|tell me|give me|say|generate|draw|select)(?: me)? )?(?:a |any |some |1 )?(?:random )?number(?: (?:between|from) (?<from>\d+) (?:and|to|through|up to) (?<to>\d+)| up to (?<max>\d+))?$/;
const MAX_DICE = 10;

/** `random` gives 0 ≤ x < 1. */
export function chanceSkill(random: () => number): Skill {
  const between = (from: number, to: number): number => from + Math.floor(random() * (to - from + 1));

  function roll({ n, sides, d, times }: Record<string, string | undefined>): SkillAnswer | null {
    const count = times ? 2 : n === undefined || /^(?:an?|the|some)$/.test(n) ? 1 : n.startsWith('a ') ? 2 : Number(n);
    const faces = Number(sides ?? d ?? 6);
    if (count < 1 || faces < 2 || faces > 1000) return null;
    if (count > MAX_DICE) return { text: `I only have ${MAX_DICE} dice.` };
    const rolls = Array.from({ length: count }, () => between(1, faces));
    if (count === 1) return { text: `You rolled ${/^(?:8|11|18)$/.test(String(rolls[0])) ? 'an' : 'a'} ${rolls[0]!}.` };
    return {
      text: `${spokenList(rolls.map(String))}. That's ${rolls.reduce((sum, each) => sum + each, 0)} on ${counted(count, 'dice').replace('dices', 'dice')}.`,
    };
  }

  return {
    name: 'chance',
    sentences: ["It's heads.", "It's tails."],
    answer({ numeric }) {
      if (firstMatch(numeric, COIN)) return { text: random() < 0.5 ? "It's heads." : "It's tails." };
      const dice = firstMatch(numeric, DICE);
      if (dice) return roll(dice.groups!);
      const number = firstMatch(numeric, NUMBER);
      if (!number || !/random|pick|choose|think|between|from|give|draw|select/.test(numeric[0]!)) return null;
      const { from = '1', to = number.groups!.max ?? '100' } = number.groups!;
      const [low, high] = [Number(from), Number(to)].sort((a, b) => a - b) as [number, number];
      return high > Number.MAX_SAFE_INTEGER ? null : { text: `${between(low, high)}.` };
    },
  };
}
