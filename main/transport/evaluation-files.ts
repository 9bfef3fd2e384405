import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileBelow } from './static-files.ts';

/** Where the window finds files of comparisons; contract/evaluation.ts makes the addresses. */
export const EVALUATIONS_PATH = '/evaluations/';

/** What runs are made of. */
const CONTENT_TYPES: Record<string, string> = {
  '.wav': 'audio/wav',
  '.html': 'text/html; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
};
/** A report has its styles inside and no script: it may do nothing but show itself and play its recordings. */
const REPORT_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export interface FilePart {
  status: 200 | 206 | 416;
  headers: Record<string, string>;
  body: Buffer;
}

/**
 * A file below the folder of all comparisons, or the range of bytes that is asked for, so that a player can seek. Undefined for everything that
 * is not such a file, however it is asked for. Several ranges at once, and other units, give the whole file.
 */
export async function readEvaluationFile(
  evaluationsDir: string,
  urlPath: string,
  range: string | undefined,
): Promise<FilePart | undefined> {
  const path = await fileBelow(evaluationsDir, urlPath.slice(EVALUATIONS_PATH.length - 1));
  const contentType = path && CONTENT_TYPES[extname(path).toLowerCase()];
  if (!path || contentType === undefined) return undefined;
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const wanted = range === undefined ? null : rangeOf(range, size);
    const headers: Record<string, string> = {
      'content-type': contentType,
      'cache-control': 'no-cache',
      'accept-ranges': 'bytes',
      ...(extname(path) === '.html' ? { 'content-security-policy': REPORT_POLICY } : {}),
    };
    if (wanted === 'none') {
      return { status: 416, headers: { ...headers, 'content-range': `bytes */${size}` }, body: Buffer.alloc(0) };
    }
    const { from, to } = wanted ?? { from: 0, to: size - 1 };
    const body = Buffer.alloc(to - from + 1);
    const { bytesRead } = await handle.read(body, 0, body.length, from);
    if (wanted) headers['content-range'] = `bytes ${from}-${from + bytesRead - 1}/${size}`;
    return { status: wanted ? 206 : 200, headers, body: body.subarray(0, bytesRead) };
  } finally {
    await handle.close();
  }
}

/** First and last byte; null for what is to be ignored; `none` for a range that the file does not have. */
function rangeOf(header: string, size: number): { from: number; to: number } | 'none' | null {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header.trim()) ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return null;
  // Without a first byte: so many at the end.
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return null;
  return from > to ? 'none' : { from, to };
}
