import type {
  GuardAction,
  GuardCheck,
  GuardDirection,
  GuardOutcome,
  GuardRule,
} from '../../main/contract/guardrails.ts';

export const CHECK_WORDS: Record<GuardCheck['type'], string> = {
  words: 'Words or phrases',
  pattern: 'An expression',
  'personal-data': 'Personal data',
  profanity: 'Profanity',
  length: 'Length',
  'must-say': 'A sentence that must be said',
  model: 'A question to the model',
};
export const ACTION_WORDS: Record<GuardAction['type'], string> = {
  block: 'Block, and say something else',
  replace: 'Replace what was found',
  rewrite: 'Let the model rewrite it',
  ask: 'Ask me in the window',
};
export const DIRECTION_WORDS: Record<GuardDirection, string> = {
  user: 'What I say',
  answer: 'Answers',
  tool: 'What tools are given',
};
export const OUTCOME_WORDS: Record<GuardOutcome, string> = {
  blocked: 'Blocked',
  replaced: 'Replaced',
  rewritten: 'Rewritten',
  allowed: 'Let pass',
  added: 'Added',
  cut: 'Cut off',
};
export const PERSONAL_DATA_WORDS = {
  email: 'E-mail addresses',
  phone: 'Telephone numbers',
  card: 'Card numbers',
  iban: 'Account numbers (IBAN)',
  'social-security': 'US social security numbers',
} as const;

/** A check of this kind, to begin with. */
export function emptyCheck(type: GuardCheck['type']): GuardCheck {
  switch (type) {
    case 'words':
      return { type, words: ['example'], forms: true };
    case 'pattern':
      return { type, pattern: '\\bexample\\b', ignoreCase: true };
    case 'personal-data':
      return { type, kinds: ['email', 'phone', 'card', 'iban', 'social-security'] };
    case 'profanity':
      return { type };
    case 'length':
      return { type, maxSeconds: 60 };
    case 'must-say':
      return { type, text: 'This is an automated answer.', place: 'before', often: 'once' };
    case 'model':
      return { type, question: 'Is this text rude?', timeoutMs: 3000, onFailure: 'open' };
    default:
      return type satisfies never;
  }
}

export function emptyAction(type: GuardAction['type']): GuardAction {
  const say = 'I would rather not talk about that.';
  switch (type) {
    case 'block':
      return { type, say };
    case 'replace':
      return { type, with: '' };
    case 'rewrite':
      return { type, instruction: 'Say it politely.', timeoutMs: 5000, say };
    case 'ask':
      return { type, timeoutMs: 30_000, say };
    default:
      return type satisfies never;
  }
}

export function newRule(taken: readonly string[]): GuardRule {
  let number = 1;
  while (taken.includes(`rule-${number}`)) number++;
  return {
    id: `rule-${number}`,
    name: `My rule ${number}`,
    enabled: true,
    directions: ['answer'],
    check: emptyCheck('words'),
    action: emptyAction('block'),
  };
}

/** What a rule does, in a line. */
export function ruleSummary({ check, action, directions }: GuardRule): string {
  const where = directions.map((direction) => lowered(DIRECTION_WORDS[direction])).join(', ');
  if (check.type === 'must-say') return `${CHECK_WORDS[check.type]} · ${where}`;
  return `${CHECK_WORDS[check.type]} in ${where} · ${lowered(ACTION_WORDS[action.type])}`;
}

function lowered(words: string): string {
  return words.charAt(0).toLowerCase() + words.slice(1);
}
