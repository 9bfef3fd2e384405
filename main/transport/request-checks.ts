import type { IncomingHttpHeaders } from 'node:http';

/** The names under which a browser on this machine reaches the port. Any other Host is a foreign name pointed here (DNS rebinding). */
function ownHosts(port: number): string[] {
  return [`127.0.0.1:${port}`, `localhost:${port}`, ...(port === 80 ? ['127.0.0.1', 'localhost'] : [])];
}

export function isOwnHost(headers: IncomingHttpHeaders, port: number): boolean {
  return headers.host !== undefined && ownHosts(port).includes(headers.host.toLowerCase());
}

/** True when the request comes from a page of this very host and port. A page on another port of this machine is a stranger. */
export function isOwnOrigin(headers: IncomingHttpHeaders): boolean {
  return headers.origin !== undefined && headers.origin.toLowerCase() === `http://${headers.host?.toLowerCase()}`;
}

/**
 * False for requests that another site's page makes in a browser, except that it sends the user here. Browsers leave Origin out of
 * plain GET requests, and SameSite cookies go along from other ports of the same host: Sec-Fetch-Site tells these apart.
 */
export function isFromHere(headers: IncomingHttpHeaders): boolean {
  if (headers.origin !== undefined && !isOwnOrigin(headers)) return false;
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return true;
  return headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
}

/** The first cookie of this name. */
export function cookieOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  for (const part of (headers.cookie ?? '').split(';')) {
    const [key, ...value] = part.split('=');
    if (key?.trim() === name) return value.join('=').trim();
  }
  return undefined;
}
