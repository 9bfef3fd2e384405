import { intentTableSchema, type Intent, type IntentTable } from '../../contract/replies.ts';
import shipped from './everyday-replies.json' with { type: 'json' };

/** The table that comes with Parley. */
export const everydayReplies: IntentTable = intentTableSchema.parse(shipped);

export const NO_OWN_REPLIES: IntentTable = { version: 1, intents: [] };

/**
 * The user's own intents, in their order and before the shipped ones, since the first that fits answers; one with the id of a shipped one takes
 * its place there. Those that are switched off are gone.
 */
export function withOwnIntents(table: IntentTable, own: IntentTable): IntentTable {
  const changed = new Map(own.intents.map((intent) => [intent.id, intent]));
  const shippedIds = new Set(table.intents.map(({ id }) => id));
  const added = own.intents.filter(({ id }) => !shippedIds.has(id));
  const all: Intent[] = [...added, ...table.intents.map((intent) => changed.get(intent.id) ?? intent)];
  return { version: table.version, intents: all.filter(({ id }) => !own.off?.includes(id)) };
}
