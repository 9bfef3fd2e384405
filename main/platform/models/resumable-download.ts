import type { FileHandle } from 'node:fs/promises';
import type { Clock } from '../../ports/clock.ts';
import { httpGet, type HttpGetOptions, type HttpResponse } from './http-get.ts';
import type { PartialFile } from './partial-file.ts';
import { SourceFailure } from './source-failure.ts';

export interface DownloadOptions {
  url: string;
  partial: PartialFile;
  /**
   * The size that the catalogue promises; a server that offers another is refused before a byte is read. `approximate`: one that
   * is off by more than a half.
   */
  expectedBytes: number;
  approximate?: boolean;
  clock: Clock;
  /** Called with the bytes on disk, also when they were there before. */
  onBytes?: (bytes: number) => void;
  signal?: AbortSignal;
  connection?: Pick<HttpGetOptions, 'connectTimeoutMs' | 'idleTimeoutMs'>;
}

/** Cuts in a row, without a byte gained, after which the source is given up for now. */
const MAX_FRUITLESS_CUTS = 3;
const FIRST_RETRY_DELAY_MS = 500;

/**
 * Downloads into the partial file, going on from what is there: Range with If-Range, so that the server itself decides
 * whether it is still the same file. Resolves, when all bytes are there, with the SHA-256 that the hub publishes, if it does.
 * The bytes are not checked here. Throws SourceFailure; file system errors pass as they are. Abort rejects with the signal's
 * reason and leaves what was loaded for the next time.
 */
export async function downloadResumable(options: DownloadOptions): Promise<{ publishedSha256: string | null }> {
  let fruitless = 0;
  for (;;) {
    const before = (await options.partial.resumable(options.url))?.bytes ?? 0;
    try {
      const step = await downloadStep(options);
      if (step.complete) return { publishedSha256: step.publishedSha256 };
    } catch (error) {
      options.signal?.throwIfAborted();
      if (!(error instanceof SourceFailure) || error.reason !== 'interrupted') throw error;
      const now = (await options.partial.resumable(options.url))?.bytes ?? 0;
      fruitless = now > before ? 0 : fruitless + 1;
      if (fruitless >= MAX_FRUITLESS_CUTS) throw error;
      await pause(options.clock, FIRST_RETRY_DELAY_MS * 2 ** fruitless, options.signal);
    }
  }
}

interface StepResult {
  /** False: the partial file was of no use and is gone; ask again from the first byte. */
  complete: boolean;
  publishedSha256: string | null;
}

/** One request and all of its answer. */
async function downloadStep(options: DownloadOptions): Promise<StepResult> {
  const { url, partial, signal, connection } = options;
  let had = await partial.resumable(url);
  const wholeBytes = (options.approximate ? had?.origin.totalBytes : null) ?? options.expectedBytes;
  // Killed between the last byte and the check of the hash: nothing is left to ask for.
  if (had?.bytes === wholeBytes) return { complete: true, publishedSha256: had.origin.publishedSha256 };
  if (had && had.bytes > wholeBytes) had = null;
  const headers: Record<string, string> = had ? { range: `bytes=${had.bytes}-`, 'if-range': had.origin.etag } : {};
  const response = await httpGet(url, { ...connection, headers, signal });
  const publishedSha256 = sha256FromEtag(response.linkedEtag);
  try {
    if (had && response.status === 206 && continues(response, had)) {
      await receive(response, { ...options, file: await partial.append(), startBytes: had.bytes, wholeBytes });
      return { complete: true, publishedSha256: publishedSha256 ?? had.origin.publishedSha256 };
    }
    if (had && (response.status === 206 || response.status === 416)) {
      await partial.discard();
      return { complete: false, publishedSha256 };
    }
    // 200 to a Range request: the server ignores ranges, or the file is another one now.
    if (response.status !== 200) throw new SourceFailure('refused', `the server answered ${response.status}`);
    const totalBytes = contentLength(response);
    requireSize(totalBytes, options);
    const etag = strongEtag(response);
    const file = await partial.restart(etag === null ? null : { url, etag, totalBytes, publishedSha256 });
    await receive(response, { ...options, file, startBytes: 0, wholeBytes: totalBytes ?? options.expectedBytes });
    return { complete: true, publishedSha256 };
  } finally {
    response.body.discard();
  }
}

function requireSize(totalBytes: number | null, { expectedBytes, approximate }: DownloadOptions): void {
  if (totalBytes === null) {
    if (approximate) throw new SourceFailure('refused', 'the server does not say how long the file is');
    return;
  }
  const tolerance = approximate ? 0.5 : 0;
  if (Math.abs(totalBytes - expectedBytes) > tolerance * expectedBytes) {
    throw new SourceFailure('changed', `the server offers ${totalBytes} bytes, the catalogue says ${expectedBytes}`);
  }
}

/** Whether a 206 carries exactly the bytes that follow the ones we have, of the same file. */
function continues(
  response: HttpResponse,
  had: { origin: { etag: string; totalBytes: number | null }; bytes: number },
) {
  const range = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(String(response.headers['content-range'] ?? ''));
  if (!range) return false;
  const [first, last] = [Number(range[1]), Number(range[2])];
  const total = range[3] === '*' ? null : Number(range[3]);
  if (first !== had.bytes || last < first) return false;
  if (total !== null && last !== total - 1) return false;
  if (total !== null && had.origin.totalBytes !== null && total !== had.origin.totalBytes) return false;
  const etag = response.headers.etag;
  return etag === undefined || etag === had.origin.etag;
}

async function receive(
  response: HttpResponse,
  options: DownloadOptions & { file: FileHandle; startBytes: number; wholeBytes: number },
): Promise<void> {
  const { file, wholeBytes, onBytes } = options;
  let bytes = options.startBytes;
  onBytes?.(bytes);
  try {
    for await (const chunk of response.body.chunks()) {
      bytes += chunk.length;
      if (bytes > wholeBytes) throw new SourceFailure('changed', `more than the expected ${wholeBytes} bytes`);
      await file.appendFile(chunk);
      onBytes?.(bytes);
    }
  } finally {
    await file.close();
  }
  if (bytes !== wholeBytes) throw new SourceFailure('interrupted', `ended after ${bytes} of ${wholeBytes} bytes`);
}

function contentLength(response: HttpResponse): number | null {
  const text = response.headers['content-length'];
  return text === undefined ? null : Number(text);
}

function strongEtag(response: HttpResponse): string | null {
  const etag = response.headers.etag;
  return etag !== undefined && etag.startsWith('"') ? etag : null;
}

function sha256FromEtag(etag: string | undefined): string | null {
  return /^"?([0-9a-f]{64})"?$/.exec(etag ?? '')?.[1] ?? null;
}

async function pause(clock: Clock, delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve) => {
    const cancel = clock.schedule(delayMs, resolve);
    signal?.addEventListener('abort', () => (cancel(), resolve()), { once: true });
  });
  signal?.throwIfAborted();
}
