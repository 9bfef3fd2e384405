import { readFile, realpath, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';

export interface StaticFile {
  body: Buffer;
  contentType: string;
  cacheControl: string;
}

const CONTENT_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.wav': 'audio/wav',
};

/** Vite puts a content hash into the names of everything in here. */
const HASHED = '/assets/';
const FOREVER = 'private, max-age=31536000, immutable';

/**
 * A file of the built window, by the path of its URL (percent-encoded, without the query); `/` is the page. Undefined for anything
 * that is not a file below `rootDir`, however it is asked for: with dots, encoded, or through a symbolic link.
 */
export async function readStaticFile(rootDir: string, urlPath: string): Promise<StaticFile | undefined> {
  const file = await fileBelow(rootDir, urlPath);
  if (file === undefined) return undefined;
  try {
    return {
      body: await readFile(file),
      contentType: CONTENT_TYPES[extname(file).toLowerCase()] ?? 'application/octet-stream',
      cacheControl: urlPath.startsWith(HASHED) ? FOREVER : 'no-cache',
    };
  } catch (cause) {
    if (isNotThere(cause)) return undefined;
    throw cause;
  }
}

/** Its real path, by the same rules; undefined when there is none. */
export async function fileBelow(rootDir: string, urlPath: string): Promise<string | undefined> {
  const segments = segmentsOf(urlPath);
  if (!segments) return undefined;
  const name = segments.length === 0 ? 'index.html' : join(...segments);
  try {
    const root = await realpath(rootDir);
    const file = await realpath(join(root, name));
    return file.startsWith(root + sep) && (await stat(file)).isFile() ? file : undefined;
  } catch (cause) {
    if (isNotThere(cause)) return undefined;
    throw cause;
  }
}

function segmentsOf(urlPath: string): string[] | undefined {
  let path: string;
  try {
    path = decodeURIComponent(urlPath);
  } catch {
    return undefined;
  }
  if (!path.startsWith('/') || /[\0\\:]/.test(path)) return undefined;
  const segments = path.slice(1).split('/');
  if (segments.length === 1 && segments[0] === '') return [];
  // No hidden files, no `.`, no `..`, no empty name.
  return segments.some((segment) => segment === '' || segment.startsWith('.')) ? undefined : segments;
}

function isNotThere(cause: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP'].includes((cause as NodeJS.ErrnoException).code ?? '');
}
