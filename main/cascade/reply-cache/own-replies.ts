import type { ZodError } from 'zod';
import { intentTableSchema, REPLIES_VERSION, type Intent, type IntentTable } from '../../contract/replies.ts';

/** What a file of replies holds, or in words why it cannot be read. */
export type ReadReplies = { table: IntentTable } | { mistake: string };

/** Never throws. Whether the phrases make sense is another question: `checkReplies`. */
export function readReplies(text: string): ReadReplies {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { mistake: `it is no JSON${placeOf(error as SyntaxError, text)}` };
  }
  const version = (value as { version?: unknown } | null)?.version;
  if (typeof version === 'number' && version > REPLIES_VERSION)
    return { mistake: `it is of version ${version}, and this Parley reads version ${REPLIES_VERSION}` };
  const parsed = intentTableSchema.safeParse(value);
  return parsed.success ? { table: parsed.data } : { mistake: firstMistake(parsed.error, value) };
}

/** The same table is always the same text, one thing a line: made to be compared and merged by version control. */
export function writeReplies({ intents, off = [] }: IntentTable): string {
  const table = {
    version: REPLIES_VERSION,
    intents: intents.map(({ id, phrases, answers, when, fuzzy }) => ({
      id,
      phrases,
      answers,
      ...(when === undefined ? {} : { when }),
      ...(fuzzy === undefined ? {} : { fuzzy }),
    })),
    ...(off.length === 0 ? {} : { off: [...new Set(off)].sort() }),
  };
  return `${JSON.stringify(table, undefined, 2)}\n`;
}

/** With the intent in the place of `replaces`, or else of the one with its id, or else at the end. */
export function withIntent(table: IntentTable, intent: Intent, replaces: string | null): IntentTable {
  const at = table.intents.findIndex(({ id }) => id === (replaces ?? intent.id));
  const intents = at < 0 ? [...table.intents, intent] : table.intents.with(at, intent);
  return { ...table, intents };
}

export function withoutIntent(table: IntentTable, id: string): IntentTable {
  return { ...table, intents: table.intents.filter((intent) => intent.id !== id) };
}

export function withSwitched(table: IntentTable, id: string, isOn: boolean): IntentTable {
  const off = (table.off ?? []).filter((each) => each !== id);
  return { ...table, off: isOn ? off : [...off, id] };
}

function firstMistake(error: ZodError, value: unknown): string {
  const issue = error.issues[0]!;
  const [list, index, ...rest] = issue.path;
  if (list !== 'intents' || typeof index !== 'number') return `${issue.path.join('.') || 'its top'}: ${issue.message}`;
  const id = (value as { intents: { id?: unknown }[] }).intents[index]?.id;
  const name = typeof id === 'string' ? `"${id}"` : `number ${index + 1}`;
  return `intent ${name}${rest.length === 0 ? '' : `, ${rest.join('.')}`}: ${issue.message}`;
}

/** Where a JSON text is wrong. The engine tells the line and column of most mistakes, but not of an unexpected character. */
function placeOf(error: SyntaxError, text: string): string {
  const told = /\(line (\d+) column (\d+)\)/.exec(error.message);
  if (told) return `, at line ${told[1]}, column ${told[2]}`;
  if (!error.message.startsWith('Unexpected token')) return ': it ends too early';
  const before = text.slice(0, unexpectedAt(text)).split('\n');
  return `, at line ${before.length}, column ${before.at(-1)!.length + 1}`;
}

/** A text that is cut off before the mistake is only too short; one that is cut off after it has the mistake: halved until both meet. */
function unexpectedAt(text: string): number {
  let [good, bad] = [0, text.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isUnexpected(text.slice(0, middle))) bad = middle;
    else good = middle;
  }
  return good;
}

function isUnexpected(text: string): boolean {
  try {
    JSON.parse(text);
    return false;
  } catch (error) {
    return (error as SyntaxError).message.startsWith('Unexpected token');
  }
}
