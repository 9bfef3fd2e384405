import type { CustomScheme } from 'electron';
import { isOwnPage, PAGE_SCHEME } from './electron-page.ts';
import { pageHeaders } from './page-headers.ts';
import { readStaticFile } from './static-files.ts';

/** To be registered before the app is ready. `secure`: the microphone and worklets are for secure pages only. */
export const PAGE_SCHEME_PRIVILEGES: CustomScheme = {
  scheme: PAGE_SCHEME,
  privileges: { standard: true, secure: true, supportFetchAPI: true },
};

/** Answers requests of our scheme with files of the built window, under the same policy that the web host sets. */
export function servePage(rendererDir: string): (request: { method: string; url: string }) => Promise<Response> {
  return async ({ method, url }) => {
    if (method !== 'GET' || !isOwnPage(url)) return answer(403, 'Not for this page.');
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
