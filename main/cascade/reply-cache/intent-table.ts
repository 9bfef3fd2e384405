import { z } from 'zod';
import shipped from './everyday-replies.json' with { type: 'json' };

const conditionSchema = z.strictObject({
  /** Only right after one of these intents' answers was heard. */
  after: z.array(z.string()).min(1).optional(),
  /** Whether the last thing heard was a question. A "yes" means something only then. */
  asked: z.boolean().optional(),
});

export const intentSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  /** Templates, see `PhraseTemplate`. */
  phrases: z.array(z.string().min(1)).min(1),
  /** Said in turn. */
  answers: z.array(z.string().min(1)).min(1),
  when: conditionSchema.optional(),
  /** False: only the very phrases count, not ones like them. Default true. */
  fuzzy: z.boolean().optional(),
});
export type Intent = z.infer<typeof intentSchema>;

export const intentTableSchema = z.strictObject({ intents: z.array(intentSchema) });
export type IntentTable = z.infer<typeof intentTableSchema>;

/** The table that comes with Parley. */
export const everydayReplies: IntentTable = intentTableSchema.parse(shipped);

/** The user's own intents before the shipped ones; one with the same id replaces it. */
export function withOwnIntents(table: IntentTable, own: IntentTable): IntentTable {
  const ids = new Set(own.intents.map(({ id }) => id));
  return { intents: [...own.intents, ...table.intents.filter(({ id }) => !ids.has(id))] };
}
