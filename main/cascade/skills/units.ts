import { convert } from 'convert';
import { Decimal } from 'decimal.js';
import type { Skill, SkillAnswer } from './skill.ts';
import { spokenNumber } from './spoken-expression.ts';
import { unitLike, unitNamed, type SpokenUnit } from './unit-names.ts';

const UNIT = '[a-z]+(?: (?:per |an )?[a-z]+){0,2}';
const AMOUNT = String.raw`(?<n>(?:minus |negative )?\d+(?:\.\d+)?|an?|half an?|one)`;
const PATTERNS = [
  new RegExp(
    `^how many (?<to>${UNIT}?)(?: are)?(?: there)?(?: is)? (?:in|is|are|make|makes|equal|equals|make up) ${AMOUNT} (?<from>${UNIT})$`,
  ),
  new RegExp(`^how many (?<to>${UNIT}?) (?:does|do) ${AMOUNT} (?<from>${UNIT}?) (?:have|contain|equal|make)$`),
  new RegExp(`^(?:convert|change|turn|translate) ${AMOUNT} (?<from>${UNIT}?) (?:to|into|in) (?<to>${UNIT})$`),
  new RegExp(
    `^(?:what is|how much is|how (?:tall|long|far|heavy|big|hot|cold|warm|high|deep|wide|fast) is|what are|what would)?(?: be)? ?${AMOUNT} (?<from>${UNIT}?) (?:in|to|into|converted to|as) (?<to>${UNIT})$`,
  ),
  new RegExp(
    `^${AMOUNT} (?<from>${UNIT}?) (?:is|are|equals|makes|make) (?:how many|what in|how much in) (?<to>${UNIT})$`,
  ),
  new RegExp(`^how many (?<to>${UNIT}) (?<each>in)to? (?<from>${UNIT})$`),
  new RegExp(`^(?:number of )(?<to>${UNIT}?) in ${AMOUNT} (?<from>${UNIT})$`),
];

export const unitSkill: Skill = {
  name: 'units',
  answer({ numeric }) {
    for (const form of numeric) {
      for (const pattern of PATTERNS) {
        const match = pattern.exec(form);
        const answer = match && answerConversion(match.groups!);
        if (answer) return answer;
      }
    }
    return null;
  },
};

function answerConversion({ n = '1', from, to }: Record<string, string | undefined>): SkillAnswer | null {
  const toName = to!.replace(/^degrees$/, '');
  const target = unitLike(toName, unitNamed(from!));
  const source = unitLike(from === 'degrees' ? opposite(target) : from!, target);
  if (!source || !target || source.kind !== target.kind || source === target) return null;
  const amount = amountOf(n);
  // Below absolute zero, or a length of minus three feet.
  if (amount < 0 && source.kind !== 'temperature') return null;
  const value = new Decimal(converted(amount, source, target).toPrecision(12));
  const { text, isRounded } = spokenNumber(value);
  const verb = amount === 1 || source.kind === 'temperature' ? 'is' : 'are';
  const said = `${spokenNumber(new Decimal(amount)).text.replace('-', 'minus ')} ${named(source, amount)}`;
  return {
    text: `${said} ${verb} ${isRounded ? 'about ' : ''}${text.replace('-', 'minus ')} ${named(target, value.toNumber())}.`,
  };
}

/** "70 degrees in celsius" can only have been the other scale. */
function opposite(target: SpokenUnit | undefined): string {
  return target?.unit === 'celsius' ? 'fahrenheit' : target?.unit === 'fahrenheit' ? 'celsius' : 'degrees';
}

function amountOf(words: string): number {
  if (/^(?:an?|one)$/.test(words)) return 1;
  if (words.startsWith('half')) return 0.5;
  return Number(words.replace(/^(?:minus|negative) /, '-'));
}

function converted(amount: number, source: SpokenUnit, target: SpokenUnit): number {
  return Number(convert(amount * source.factor, source.unit as 'm').to(target.unit as 'm')) / target.factor;
}

function named(unit: SpokenUnit, amount: number): string {
  return amount === 1 ? unit.singular : unit.plural;
}
