import http from 'node:http';
import https from 'node:https';
import { isLoopbackUrl } from '../../lib/loopback-url.ts';
import { ResponseBody } from './response-body.ts';
import { SourceFailure } from './source-failure.ts';

const MAX_REDIRECTS = 8;

export interface HttpGetOptions {
  headers?: Record<string, string>;
  /** For name look-up, connection and TLS together. Default 3 s: whoever has the network at all is through by then. */
  connectTimeoutMs?: number;
  /** Longest silence of the server, before and between data. Default 30 s. */
  idleTimeoutMs?: number;
  signal?: AbortSignal;
}

export interface HttpResponse {
  status: number;
  headers: http.IncomingHttpHeaders;
  /** `X-Linked-ETag`: the hub's SHA-256 of the file that the redirect leads to. */
  linkedEtag: string | undefined;
  body: ResponseBody;
}

/**
 * GET with redirects. Honours HTTPS_PROXY and its kin. Plain http is for this machine only.
 * Throws SourceFailure `unreachable` when no connection comes about; abort rejects with the signal's reason.
 */
export async function httpGet(url: string, options: HttpGetOptions = {}): Promise<HttpResponse> {
  let target = new URL(url);
  let linkedEtag: string | undefined;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    requireSafe(target);
    const { status, headers, body } = await getOnce(target, options);
    linkedEtag ??= headerText(headers['x-linked-etag']);
    const { location } = headers;
    if (status < 300 || status >= 400 || status === 304 || location === undefined) {
      return { status, headers, linkedEtag, body };
    }
    body.discard();
    target = new URL(location, target);
  }
  throw new SourceFailure('refused', `more than ${MAX_REDIRECTS} redirects`);
}

function requireSafe(target: URL): void {
  if (target.protocol === 'https:') return;
  if (target.protocol === 'http:' && isLoopbackUrl(target.href)) return;
  throw new SourceFailure('refused', `not an https address: ${target.origin}`);
}

// Node reads the proxy variables only when asked to.
const agents = {
  'http:': new http.Agent({ proxyEnv: process.env }),
  'https:': new https.Agent({ proxyEnv: process.env }),
};

function getOnce(target: URL, options: HttpGetOptions): Promise<Omit<HttpResponse, 'linkedEtag'>> {
  const { headers = {}, connectTimeoutMs = 3000, idleTimeoutMs = 30_000, signal } = options;
  const protocol = target.protocol as keyof typeof agents;
  const { get } = protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    let connected = false;
    const request = get(target, {
      agent: agents[protocol],
      // Identity: a compressed answer would break both the ranges and the hash.
      headers: { 'user-agent': 'parley', 'accept-encoding': 'identity', ...headers },
      signal,
    });
    const connectTimer = setTimeout(
      () =>
        request.destroy(
          new SourceFailure('unreachable', `no connection to ${target.host} within ${connectTimeoutMs} ms`),
        ),
      connectTimeoutMs,
    );
    const onConnected = () => {
      connected = true;
      clearTimeout(connectTimer);
      request.setTimeout(idleTimeoutMs, () =>
        request.destroy(new SourceFailure('interrupted', 'the server fell silent')),
      );
    };
    request.once('socket', (socket) => {
      if (!socket.connecting) onConnected();
      else socket.once(protocol === 'https:' ? 'secureConnect' : 'connect', onConnected);
    });
    request.once('response', (message) =>
      resolve({ status: message.statusCode ?? 0, headers: message.headers, body: new ResponseBody(message) }),
    );
    // Stays on after the answer: a destroyed request reports its error a second time.
    request.on('error', (error) => {
      clearTimeout(connectTimer);
      if (signal?.aborted) reject(signal.reason as Error);
      else if (error instanceof SourceFailure) reject(error);
      else if (!connected)
        reject(new SourceFailure('unreachable', `${target.host}: ${error.message}`, { cause: error }));
      else reject(new SourceFailure('interrupted', error.message, { cause: error }));
    });
  });
}

function headerText(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
