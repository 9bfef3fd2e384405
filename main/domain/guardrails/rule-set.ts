import type { GuardCheck, GuardDirection, GuardRule } from '../../contract/guardrails.ts';
import type { Matcher } from './matcher.ts';
import { foreignPattern } from './pattern-matcher.ts';
import { personalData } from './personal-data.ts';
import { profanity } from './profanity.ts';
import { wordList } from './word-list.ts';

export type RuleWith<Type extends GuardCheck['type']> = GuardRule & { check: Extract<GuardCheck, { type: Type }> };

/** What holds for one direction: the rules that are on. */
export interface DirectedRules {
  /** Rules that find something in the text, in their order; a rule may have several matchers. */
  matchers: readonly { rule: GuardRule; matcher: Matcher }[];
  model: readonly RuleWith<'model'>[];
  length: readonly RuleWith<'length'>[];
  mustSay: readonly (RuleWith<'must-say'> & { topics: Matcher | null })[];
}

const DEFAULT_MAX_SPAN_CHARS = 80;

/** The rules as they are to be applied. A rule that cannot be read does nothing and is a problem. */
export class RuleSet {
  readonly problems: readonly { ruleId: string; words: string }[];
  readonly #directed: Record<GuardDirection, DirectedRules>;

  constructor(rules: readonly GuardRule[]) {
    const problems: { ruleId: string; words: string }[] = [];
    const matchers = new Map<string, Matcher[]>();
    for (const rule of rules) {
      try {
        // Expressions of rules that are off too: what is wrong with one should be known before it is switched on.
        if (rule.enabled || rule.check.type === 'pattern') matchers.set(rule.id, matchersOf(rule.check));
      } catch (cause) {
        problems.push({ ruleId: rule.id, words: cause instanceof Error ? cause.message : String(cause) });
      }
    }
    this.problems = problems;
    const directed = (direction: GuardDirection): DirectedRules => {
      const on = rules.filter((rule) => rule.enabled && rule.directions.includes(direction));
      return {
        matchers: on.flatMap((rule) => (matchers.get(rule.id) ?? []).map((matcher) => ({ rule, matcher }))),
        model: on.filter(checks('model')),
        length: direction === 'answer' ? on.filter(checks('length')) : [],
        mustSay: direction === 'answer' ? on.filter(checks('must-say')).map(withTopics) : [],
      };
    };
    this.#directed = { user: directed('user'), answer: directed('answer'), tool: directed('tool') };
  }

  /** Null when no rule of this direction is on: nothing need be looked at. */
  of(direction: GuardDirection): DirectedRules | null {
    const rules = this.#directed[direction];
    const count = rules.matchers.length + rules.model.length + rules.length.length + rules.mustSay.length;
    return count === 0 ? null : rules;
  }
}

function matchersOf(check: GuardCheck): Matcher[] {
  switch (check.type) {
    case 'pattern': {
      const { pattern, ignoreCase, maxSpanChars = DEFAULT_MAX_SPAN_CHARS } = check;
      return [foreignPattern(pattern, { maxSpanChars, ...(ignoreCase === undefined ? {} : { ignoreCase }) })];
    }
    case 'words':
      return [wordList(check.words, check.forms === undefined ? {} : { forms: check.forms })];
    case 'personal-data':
      return personalData(check.kinds);
    case 'profanity':
      return [profanity()];
    case 'length':
    case 'must-say':
    case 'model':
      return [];
    default:
      return check satisfies never;
  }
}

function checks<Type extends GuardCheck['type']>(type: Type): (rule: GuardRule) => rule is RuleWith<Type> {
  return (rule): rule is RuleWith<Type> => rule.check.type === type;
}

function withTopics(rule: RuleWith<'must-say'>): RuleWith<'must-say'> & { topics: Matcher | null } {
  return { ...rule, topics: rule.check.topics ? wordList(rule.check.topics, { forms: true }) : null };
}
