import { z } from 'zod';
import type { JsonSchema } from '../ports/tool.ts';

/** Of what a model may write; larger arguments are a model that runs on. */
const MAX_ARGUMENT_CHARS = 32_768;

export type CheckedArguments = { ok: true; value: Record<string, unknown> } | { ok: false; problem: string };

/** Whether a model's arguments are JSON and fit the tool's schema. `problem` is for the model: it can try again. */
export function checkArguments(json: string, schema: JsonSchema): CheckedArguments {
  if (json.length > MAX_ARGUMENT_CHARS) return { ok: false, problem: 'The arguments are too long.' };
  let value: unknown;
  try {
    // Some models leave them out when a tool takes none.
    value = json.trim() === '' ? {} : JSON.parse(json);
  } catch {
    return { ok: false, problem: 'The arguments are not JSON.' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { ok: false, problem: 'The arguments are not an object.' };
  const result = checkerOf(schema)?.safeParse(value);
  if (!result || result.success) return { ok: true, value: value as Record<string, unknown> };
  const { path, message } = result.error.issues[0]!;
  return {
    ok: false,
    problem: `The arguments do not fit${path.length > 0 ? ` at "${path.join('.')}"` : ''}: ${message}.`,
  };
}

const checkers = new WeakMap<JsonSchema, { checker: z.ZodType | null }>();

/** null for a schema that cannot be checked here: then the tool checks for itself. */
function checkerOf(schema: JsonSchema): z.ZodType | null {
  let known = checkers.get(schema);
  if (!known) checkers.set(schema, (known = { checker: makeChecker(schema) }));
  return known.checker;
}

function makeChecker(schema: JsonSchema): z.ZodType | null {
  try {
    return z.fromJSONSchema(withoutPatterns(schema) as Parameters<typeof z.fromJSONSchema>[0]);
  } catch {
    return null;
  }
}

/** A server writes the schema, and some regular expressions take for ever: they are the server's to check. */
function withoutPatterns(schema: unknown, insideProperties = false): unknown {
  if (Array.isArray(schema)) return schema.map((each) => withoutPatterns(each));
  if (typeof schema !== 'object' || schema === null) return schema;
  const kept = Object.entries(schema).filter(
    ([key]) => insideProperties || !['pattern', 'patternProperties', 'propertyNames', 'format'].includes(key),
  );
  return Object.fromEntries(
    kept.map(([key, value]) => [
      key,
      withoutPatterns(value, !insideProperties && ['properties', '$defs', 'definitions'].includes(key)),
    ]),
  );
}
