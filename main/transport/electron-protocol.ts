import type { CustomScheme } from 'electron';
import { EVALUATIONS_PATH, readEvaluationFile } from './evaluation-files.ts';
import { isOwnPage, PAGE_SCHEME } from './electron-page.ts';
import { pageHeaders } from './page-headers.ts';
import { readStaticFile } from './static-files.ts';

/** To be registered before the app is ready. `secure`: the microphone and worklets are for secure pages only. `stream`: for players. */
export const PAGE_SCHEME_PRIVILEGES: CustomScheme = {
  scheme: PAGE_SCHEME,
  privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true },
};

/** Answers requests of our scheme with files of the built window and of comparisons, under the same policy that the web host sets. */
export function servePage(
  rendererDir: string,
  evaluationsDir: string,
): (request: { method: string; url: string; headers?: Headers }) => Promise<Response> {
  return async ({ method, url, headers: asked }) => {
    if (method !== 'GET' || !isOwnPage(url)) return answer(403, 'Not for this page.');
    if (pathOf(url).startsWith(EVALUATIONS_PATH)) {
      const part = await readEvaluationFile(evaluationsDir, pathOf(url), asked?.get('range') ?? undefined);
      if (!part) return answer(404, 'There is no such file.');
      return new Response(new Uint8Array(part.body), { status: part.status, headers: { ...pageHeaders(), ...part.headers } }); // prettier-ignore
    }
    const file = await readStaticFile(rendererDir, pathOf(url));
    if (!file) return answer(404, 'There is no such file.');
    const headers = { ...pageHeaders(), 'content-type': file.contentType, 'cache-control': file.cacheControl };
    return new Response(new Uint8Array(file.body), { headers });
  };
}

/** As written: URL would tidy dots away before they can be refused. */
function pathOf(url: string): string {
  return /^[^:]+:\/\/[^/?#]*([^?#]*)/.exec(url)?.[1] || '/';
}

function answer(status: number, text: string): Response {
  return new Response(text, { status, headers: { ...pageHeaders(), 'content-type': 'text/plain; charset=utf-8' } });
}
