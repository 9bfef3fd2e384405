import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ParleyError } from '../../contract/errors.ts';

/**
 * Reads a JSON file, gzipped when its name says so, with `parse` where that knows the file better. Throws `model-missing` or
 * `model-corrupt`.
 */
export async function readJsonFile<T>(path: string, parse: (json: string) => unknown = JSON.parse): Promise<T> {
  const detail = basename(path);
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new ParleyError({
      code: 'model-missing',
      stage: 'speak',
      message: 'a voice file is not there',
      detail,
      cause,
    });
  }
  try {
    const data = parse((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'));
    if (typeof data !== 'object' || data === null) throw new TypeError('not an object');
    return data as T;
  } catch (cause) {
    throw new ParleyError({ code: 'model-corrupt', stage: 'speak', message: 'a voice file is no JSON', detail, cause });
  }
}
