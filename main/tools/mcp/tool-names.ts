import { createHash } from 'node:crypto';

/** What chat completions take as the name of a function. */
const MAX_NAME_CHARS = 64;
const HASH_CHARS = 8;

/** `<server>__<tool>` in the letters that models take; what had to be changed gets a hash, so that no two tools share a name. */
export function fullToolName(server: string, tool: string): string {
  const clean = tool.replace(/[^A-Za-z0-9_-]/g, '_');
  const name = `${server}__${clean}`;
  if (clean === tool && name.length <= MAX_NAME_CHARS) return name;
  const hash = createHash('sha256').update(tool).digest('hex').slice(0, HASH_CHARS);
  return `${name.slice(0, MAX_NAME_CHARS - HASH_CHARS - 1)}_${hash}`;
}
