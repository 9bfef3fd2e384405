import type { GuardRulesFile } from '../../contract/guardrails.ts';

/**
 * What Parley comes with. Everything is off: on the user's own machine nothing is kept from them unasked. They show each kind of rule, and
 * are switched on by one click.
 */
export const DEFAULT_GUARD_RULES: GuardRulesFile = {
  version: 1,
  rules: [
    {
      id: 'profanity',
      name: 'No swearing in answers',
      enabled: false,
      directions: ['answer'],
      check: { type: 'profanity' },
      action: { type: 'replace', with: 'bleep' },
    },
    {
      id: 'account-numbers',
      name: 'Card, account and social security numbers stay out of the model',
      enabled: false,
      directions: ['user', 'answer'],
      check: { type: 'personal-data', kinds: ['card', 'iban', 'social-security'] },
      action: { type: 'replace', with: 'a number I keep to myself' },
    },
    {
      id: 'contact-data',
      name: 'Ask before e-mail addresses and telephone numbers go to a tool',
      enabled: false,
      directions: ['tool'],
      check: { type: 'personal-data', kinds: ['email', 'phone'] },
      action: { type: 'ask', timeoutMs: 30_000, say: 'I did not pass that on.' },
    },
    {
      id: 'medical-note',
      name: 'Say once that answers on health are no medical advice',
      enabled: false,
      directions: ['answer'],
      check: {
        type: 'must-say',
        text: 'I am no doctor, so please check this with one.',
        place: 'before',
        often: 'once',
        topics: [
          'pain',
          'medicine',
          'medication',
          'dose',
          'symptom',
          'headache',
          'fever',
          'doctor',
          'pregnant',
          'pill',
        ],
      },
      action: { type: 'replace', with: '' },
    },
    {
      id: 'money-advice',
      name: 'No investment tips',
      enabled: false,
      directions: ['answer'],
      check: {
        type: 'words',
        words: ['you should buy', 'you should sell', 'you should invest', 'guaranteed return'],
        forms: true,
      },
      action: { type: 'block', say: 'I should not give investment advice.' },
    },
    {
      id: 'long-answers',
      name: 'Answers end after a minute',
      enabled: false,
      directions: ['answer'],
      check: { type: 'length', maxSeconds: 60 },
      action: { type: 'block', say: 'There is more, just ask me to go on.' },
    },
  ],
};
