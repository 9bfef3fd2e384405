import { z } from 'zod';
import { answerSourceSchema } from './state.ts';

const conditionSchema = z.strictObject({
  /** Only right after one of these intents' answers was heard. */
  after: z.array(z.string()).min(1).optional(),
  /** Whether the last thing heard was a question. A "yes" means something only then. */
  asked: z.boolean().optional(),
  /** Only while no tool of this kind is connected: with one, the model should use it. */
  without: z.enum(['weather', 'news', 'web', 'music', 'phone', 'home']).optional(),
});

export const intentSchema = z.strictObject({
  id: z
    .string()
    .max(60)
    .regex(/^[a-z][a-z0-9-]*$/, 'a name is made of small letters, digits and hyphens'),
  /** Templates, see `PhraseTemplate`. */
  phrases: z.array(z.string().trim().min(1).max(1000)).min(1).max(100),
  /** Said in turn. */
  answers: z.array(z.string().trim().min(1).max(1000)).min(1).max(100),
  when: conditionSchema.optional(),
  /** False: only the very phrases count, not ones like them. Default true. */
  fuzzy: z.boolean().optional(),
});
export type Intent = z.infer<typeof intentSchema>;

/** Raised when an older Parley could not read a file of replies any more. */
export const REPLIES_VERSION = 1;
export const intentTableSchema = z.strictObject({
  version: z.literal(REPLIES_VERSION),
  intents: z.array(intentSchema).max(300),
  /** Intents that come with Parley and are not wanted. */
  off: z.array(z.string()).optional(),
});
export type IntentTable = z.infer<typeof intentTableSchema>;

/** What is wrong with a table, or only worth knowing. */
export const replyIssueSchema = z.object({
  kind: z.enum(['problem', 'remark']),
  /** The intent that it is about; null for the file as a whole. */
  intentId: z.string().nullable(),
  words: z.string(),
});
export type ReplyIssue = z.infer<typeof replyIssueSchema>;

export const replyCommands = [
  /** From now on this window is sent `replies` and `reply-figures`. */
  z.object({ type: z.literal('watch-replies'), on: z.boolean() }),
  /**
   * Looks an intent over, and keeps it among the user's own when nothing is wrong with it and `save` says so. `replaces` is the id that it had
   * before. Answered by a `reply-checked` event, before the command's own reply.
   */
  z.object({
    type: z.literal('check-reply'),
    intent: z.object({
      id: z.string(),
      phrases: z.array(z.string()),
      answers: z.array(z.string()),
      when: conditionSchema.optional(),
      fuzzy: z.boolean().optional(),
    }),
    replaces: z.string().nullable(),
    save: z.boolean(),
  }),
  /** One of the user's own goes; if it stood in for one that comes with Parley, that one is back. */
  z.object({ type: z.literal('remove-reply'), id: z.string() }),
  z.object({ type: z.literal('switch-reply'), id: z.string(), on: z.boolean() }),
  /** The text of a file that takes the place of the user's own table. Fails with what is wrong with it. */
  z.object({ type: z.literal('import-replies'), text: z.string().max(1_000_000) }),
  /** Who would answer these words if `lastHeard` had been said before. Nothing is done. Answered by a `reply-tried` event. */
  z.object({ type: z.literal('try-reply'), text: z.string().max(4000), lastHeard: z.string().max(4000) }),
  /** Says a text as an answer would be said: with what was rendered ahead, as soon as nobody has the floor. */
  z.object({ type: z.literal('play-reply'), text: z.string().min(1).max(1000) }),
  z.object({ type: z.literal('forget-reply-figures') }),
] as const;
export type ReplyCommand = z.infer<(typeof replyCommands)[number]>;

/** Why an intent that is like the words does not answer. */
export const nearIntentSchema = z.object({
  id: z.string(),
  /** The phrase of it that is most like the words. */
  phrase: z.string(),
  score: z.number(),
  /**
   * `condition`: something else was said before. `turned`: a word that turns the sentence around is on one side only. `unlike`: below the
   * threshold. `close`: another intent is almost as like. `later`: another one comes first.
   */
  why: z.enum(['answers', 'condition', 'turned', 'unlike', 'close', 'later']),
});
export type NearIntent = z.infer<typeof nearIntentSchema>;

export const triedReplySchema = z.object({
  text: z.string(),
  /** The words in one spelling, then with ever less politeness around them. */
  forms: z.array(z.string()),
  /** Who answers; null: the language model. */
  answer: z
    .object({
      stage: z.enum(['follow-up', 'cache', 'skill']),
      name: z.string(),
      text: z.string(),
      /** Stretches of it that are spoken in one go, and how many were rendered ahead. */
      clauses: z.number(),
      rendered: z.number(),
    })
    .nullable(),
  cache: z.object({
    /** An exact match, or the best like it. */
    matched: z.enum(['exact', 'alike', 'none', 'too-long']),
    score: z.number(),
    margin: z.number(),
    leastScore: z.number(),
    leastMargin: z.number(),
    near: z.array(nearIntentSchema),
  }),
});
export type TriedReply = z.infer<typeof triedReplySchema>;

const shownIntentSchema = intentSchema.extend({
  /** `changed`: the user's, in the place of one that comes with Parley. */
  origin: z.enum(['shipped', 'own', 'changed']),
  isOn: z.boolean(),
});
export type ShownIntent = z.infer<typeof shownIntentSchema>;

export const replyTallySchema = z.object({
  source: answerSourceSchema,
  /** Intent or skill; "" for the model. */
  name: z.string(),
  count: z.number().int(),
  /** Against what a model's answer took, see docs/fast-cascade.md. */
  savedMs: z.number(),
});
export type ReplyTally = z.infer<typeof replyTallySchema>;

export const replyFiguresSchema = z.object({
  tallies: z.array(replyTallySchema),
  /** From the user's last sound to the first of the model's answer, the median of this run of the program; null before the first. */
  modelMedianMs: z.number().nullable(),
  /** Clauses of the fixed answers whose audio is there; null without a voice. */
  rendering: z.object({ done: z.number(), total: z.number(), voiceId: z.string() }).nullable(),
});
export type ReplyFigures = z.infer<typeof replyFiguresSchema>;

export const replyEvents = [
  z.object({
    type: z.literal('replies'),
    intents: z.array(shownIntentSchema),
    /** Where the user's own are kept, and its text as it is to be exported. */
    file: z.string(),
    ownText: z.string(),
    /** Why the file is not used; it is left alone until it is mended or replaced by an import. */
    issues: z.array(replyIssueSchema),
  }),
  z.object({ type: z.literal('reply-figures'), figures: replyFiguresSchema }),
  z.object({ type: z.literal('reply-checked'), id: z.string(), saved: z.boolean(), issues: z.array(replyIssueSchema) }),
  z.object({ type: z.literal('reply-tried'), tried: triedReplySchema }),
] as const;
