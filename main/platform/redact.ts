import { ParleyError } from '../contract/errors.ts';

export const REDACTED = '[redacted]';
const MAX_DEPTH = 8;
const MAX_ENTRIES = 100;
const MAX_STRING_CHARS = 4000;
/** `pii`, `secret`, and everything named below them: `pii.transcript`, `secret.apiKey`. */
const PRIVATE_KEY = /^(pii|secret)(\.|$)/i;

/**
 * A JSON-safe copy for a log line in which every value under a `pii.*` or `secret.*` key is replaced, at any depth, in errors and
 * their causes too. Cycles, binary data and overlong values are shortened.
 */
export function redact(value: unknown): unknown {
  return copy(value, new Set(), 0);
}

function copy(value: unknown, above: Set<object>, depth: number): unknown {
  if (typeof value === 'string') {
    return value.length > MAX_STRING_CHARS ? `${value.slice(0, MAX_STRING_CHARS)}… (${value.length} chars)` : value;
  }
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function' || typeof value === 'symbol') return `[${typeof value}]`;
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer)
    return `[${value.constructor.name} ${value.byteLength} bytes]`;
  if (above.has(value)) return '[circular]';
  if (depth >= MAX_DEPTH) return '[too deep]';
  above.add(value);
  try {
    return copyObject(value, above, depth + 1);
  } finally {
    above.delete(value);
  }
}

function copyObject(value: object, above: Set<object>, depth: number): unknown {
  if (Array.isArray(value)) return value.slice(0, MAX_ENTRIES).map((item) => copy(item, above, depth));
  if (value instanceof Map)
    return copyEntries(
      [...value].map(([key, item]) => [String(key), item]),
      above,
      depth,
    );
  if (value instanceof Set) return [...value].slice(0, MAX_ENTRIES).map((item) => copy(item, above, depth));
  if (value instanceof Error) return copyError(value, above, depth);
  return copyEntries(Object.entries(value), above, depth);
}

function copyEntries(entries: [string, unknown][], above: Set<object>, depth: number): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [key, item] of entries.slice(0, MAX_ENTRIES)) {
    result[key] = PRIVATE_KEY.test(key) ? REDACTED : copy(item, above, depth);
  }
  return result;
}

/** `message`, `stack` and `cause` are not enumerable, so that a plain copy of an error is empty. */
function copyError(error: Error, above: Set<object>, depth: number): Record<string, unknown> {
  return {
    name: error.name,
    message: copy(error.message, above, depth),
    ...copyEntries(
      Object.entries(error).filter(([, value]) => value !== undefined),
      above,
      depth,
    ),
    // One of ours says by its code and stage where it comes from; the stack of its cause is the one that helps.
    ...(error instanceof ParleyError && error.cause !== undefined ? {} : { stack: copy(error.stack, above, depth) }),
    ...(error.cause === undefined ? {} : { cause: copy(error.cause, above, depth) }),
    ...(error instanceof AggregateError ? { errors: copy(error.errors, above, depth) } : {}),
  };
}
