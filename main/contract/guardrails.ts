import { z } from 'zod';

/** What a rule looks at: what the user said before anything answers it, what is to be said, what a tool is called with. */
export const guardDirectionSchema = z.enum(['user', 'answer', 'tool']);
export type GuardDirection = z.infer<typeof guardDirectionSchema>;

export const personalDataKindSchema = z.enum(['email', 'phone', 'card', 'iban', 'social-security']);
export type PersonalDataKind = z.infer<typeof personalDataKindSchema>;

/** Longest stretch that a rule may look at as one; more would have to be held back while an answer is spoken. */
export const MAX_SPAN_CHARS = 200;

const wordsSchema = z.array(z.string().trim().min(1).max(100)).min(1).max(2000);

export const guardCheckSchema = z.discriminatedUnion('type', [
  /** An expression of RE2: no look-around and no back-references. */
  z.strictObject({
    type: z.literal('pattern'),
    pattern: z.string().min(1).max(500),
    ignoreCase: z.boolean().optional(),
    /** Text that a match may cover at most; a match that is longer is none. Default 80. */
    maxSpanChars: z.number().int().min(1).max(MAX_SPAN_CHARS).optional(),
  }),
  /** Words and phrases, whatever their case. `forms`: "invest" also finds "invests", "invested" and "investing". */
  z.strictObject({ type: z.literal('words'), words: wordsSchema, forms: z.boolean().optional() }),
  z.strictObject({ type: z.literal('personal-data'), kinds: z.array(personalDataKindSchema).min(1) }),
  z.strictObject({ type: z.literal('profanity') }),
  /** Answers only: what is over the limit is not said. Characters are spoken at about 15 a second. */
  z.strictObject({ type: z.literal('length'), maxSeconds: z.number().min(1).max(600) }),
  /**
   * Answers only: a sentence that comes before (or after) the answer's own, the first time in a conversation, or in every answer; with
   * `topics`, only when one of these words was said by the user.
   */
  z.strictObject({
    type: z.literal('must-say'),
    text: z.string().trim().min(1).max(500),
    place: z.enum(['before', 'after']),
    often: z.enum(['once', 'always']),
    topics: wordsSchema.optional(),
  }),
  /** A question about the text that the language model answers with yes (a hit) or no. Waits for the whole text. */
  z.strictObject({
    type: z.literal('model'),
    question: z.string().trim().min(1).max(500),
    timeoutMs: z.number().int().min(100).max(30_000),
    /** What counts when the model does not answer in time or fails: `closed` takes it for a hit. */
    onFailure: z.enum(['open', 'closed']),
  }),
]);
export type GuardCheck = z.infer<typeof guardCheckSchema>;

const sentenceSchema = z.string().trim().min(1).max(500);

export const guardActionSchema = z.discriminatedUnion('type', [
  /** The answer ends before the clause with the hit, and this is said instead. */
  z.strictObject({ type: z.literal('block'), say: sentenceSchema }),
  /** The hit gives way to these words; "" leaves it out. */
  z.strictObject({ type: z.literal('replace'), with: z.string().max(200) }),
  /** The language model writes the clauses with the hit anew. When it fails, is late, or hits a rule again: blocked. */
  z.strictObject({
    type: z.literal('rewrite'),
    instruction: sentenceSchema,
    timeoutMs: z.number().int().min(100).max(30_000),
    say: sentenceSchema,
  }),
  /** The answer waits for a click in the window. No answer in time, or a no: blocked. */
  z.strictObject({ type: z.literal('ask'), timeoutMs: z.number().int().min(1000).max(600_000), say: sentenceSchema }),
]);
export type GuardAction = z.infer<typeof guardActionSchema>;

export const guardRuleSchema = z.strictObject({
  id: z
    .string()
    .max(60)
    .regex(/^[a-z0-9][a-z0-9-]*$/, 'an id is made of small letters, digits and hyphens'),
  name: z.string().trim().min(1).max(100),
  enabled: z.boolean(),
  directions: z.array(guardDirectionSchema).min(1),
  check: guardCheckSchema,
  action: guardActionSchema,
});
export type GuardRule = z.infer<typeof guardRuleSchema>;

/** Raised when an older Parley could not read the file any more. */
export const GUARDRAILS_VERSION = 1;
export const guardRulesFileSchema = z.strictObject({
  version: z.literal(GUARDRAILS_VERSION),
  rules: z
    .array(guardRuleSchema)
    .max(200)
    .refine((rules) => new Set(rules.map(({ id }) => id)).size === rules.length, 'two rules have the same id'),
});
export type GuardRulesFile = z.infer<typeof guardRulesFileSchema>;

/** How a word is to be said. At least one of the two; phonemes are used by voices that take them, the respelling by all others. */
export const lexiconEntrySchema = z
  .strictObject({
    word: z.string().trim().min(1).max(60),
    /** The word as one would have to write it so that it is read right: "Shivawn". */
    spoken: z.string().trim().max(120).optional(),
    /** In the alphabet of Kokoro and hibari (misaki, American English): "ʃəvˈɔn". */
    phonemes: z.string().trim().max(120).optional(),
  })
  .refine(
    ({ spoken, phonemes }) => Boolean(spoken) || Boolean(phonemes),
    'says neither how it is spelled nor how it sounds',
  );
export type LexiconEntry = z.infer<typeof lexiconEntrySchema>;

export const LEXICON_VERSION = 1;
export const lexiconFileSchema = z.strictObject({
  version: z.literal(LEXICON_VERSION),
  entries: z.array(lexiconEntrySchema).max(2000),
});
export type LexiconFile = z.infer<typeof lexiconFileSchema>;

/** What was done with a hit. `allowed`: a human let it pass. */
export const guardOutcomeSchema = z.enum(['blocked', 'replaced', 'rewritten', 'allowed', 'added', 'cut']);
export type GuardOutcome = z.infer<typeof guardOutcomeSchema>;

export const guardLogEntrySchema = z.object({
  id: z.string(),
  /** ISO 8601. */
  at: z.string(),
  ruleId: z.string(),
  ruleName: z.string(),
  direction: guardDirectionSchema,
  outcome: guardOutcomeSchema,
  before: z.string(),
  after: z.string(),
});
export type GuardLogEntry = z.infer<typeof guardLogEntrySchema>;

/** A text that waits for a human's word. */
export const guardQuestionSchema = z.object({
  id: z.string(),
  ruleName: z.string(),
  direction: guardDirectionSchema,
  text: z.string(),
  /** ISO 8601: blocked from then on. */
  until: z.string(),
});
export type GuardQuestion = z.infer<typeof guardQuestionSchema>;

export const guardrailsStateSchema = z.object({
  rules: z.array(guardRuleSchema),
  /** Rules that do nothing, and why: an expression that cannot be read. */
  problems: z.array(z.object({ ruleId: z.string(), words: z.string() })),
  lexicon: z.array(lexiconEntrySchema),
  /** Whether the voice of now takes phonemes. */
  takesPhonemes: z.boolean(),
  /** The newest first, at most 200. */
  log: z.array(guardLogEntrySchema),
});
export type GuardrailsState = z.infer<typeof guardrailsStateSchema>;

export const guardCommands = [
  /** From now on this window is sent `guardrails` when any of it changes. */
  z.object({ type: z.literal('watch-guardrails'), on: z.boolean() }),
  /** Takes the place of all rules. */
  z.object({ type: z.literal('set-guard-rules'), file: guardRulesFileSchema }),
  z.object({ type: z.literal('reset-guard-rules') }),
  z.object({ type: z.literal('set-lexicon'), file: lexiconFileSchema }),
  /** How a text sounds with this entry in the lexicon. Answered by a `spoken-sample` event to this window. */
  z.object({ type: z.literal('hear-word'), text: z.string().min(1).max(200), entry: lexiconEntrySchema.nullable() }),
  /** What the rules would do with a text; nothing is logged, the model is not asked. Answered by a `guard-tried` event. */
  z.object({ type: z.literal('try-guardrails'), text: z.string().max(4000), direction: guardDirectionSchema }),
  /** What a human says to a question. */
  z.object({ type: z.literal('answer-guard-question'), questionId: z.string(), allow: z.boolean() }),
  /** `ids: null` forgets all of them. */
  z.object({ type: z.literal('forget-guard-log'), ids: z.array(z.string()).max(1000).nullable() }),
] as const;
export type GuardCommand = z.infer<(typeof guardCommands)[number]>;

export const guardEvents = [
  z.object({ type: z.literal('guardrails'), guardrails: guardrailsStateSchema }),
  /** To every window: all that wait, after any change. */
  z.object({ type: z.literal('guard-questions'), questions: z.array(guardQuestionSchema) }),
  z.object({
    type: z.literal('guard-tried'),
    text: z.string(),
    after: z.string(),
    hits: z.array(z.object({ ruleName: z.string(), outcome: z.string(), text: z.string() })),
  }),
  /** Mono, 16 bit, little-endian, base64. */
  z.object({ type: z.literal('spoken-sample'), pcm16: z.string(), sampleRateHz: z.number() }),
] as const;
