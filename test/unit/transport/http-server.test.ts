import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, request, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { CONTRACT_VERSION } from '../../../main/contract/messages.ts';
import { HttpServer } from '../../../main/transport/http-server.ts';
import { WebAccess } from '../../../main/transport/web-access.ts';
import { WebSocketTransport } from '../../../main/transport/websocket.ts';
import { FakeApp } from '../../fakes/fake-app.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';

const KEY = Buffer.alloc(32, 7);
const SECRET = 'a control secret';
let dir: string;
let rendererDir: string;
let evaluationsDir: string;
let server: HttpServer;
let transport: WebSocketTransport;
let app: FakeApp;
let logger: RecordingLogger;
let wallClockMs: number;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'parley-web-'));
  rendererDir = join(dir, 'renderer');
  await mkdir(join(rendererDir, 'assets'), { recursive: true });
  await writeFile(join(rendererDir, 'index.html'), '<title>Parley</title>');
  await writeFile(join(rendererDir, '.hidden'), 'HIDDEN');
  await writeFile(join(rendererDir, 'assets', 'main-Ab12.js'), 'export {};');
  await writeFile(join(dir, 'private.txt'), 'PRIVATE');
  await symlink(join(dir, 'private.txt'), join(rendererDir, 'link.txt'));
  evaluationsDir = join(dir, 'evaluations');
  await mkdir(join(evaluationsDir, 'run-1', 'cells'), { recursive: true });
  await writeFile(join(evaluationsDir, 'run-1', 'cells', 'a.wav'), '0123456789');
  await writeFile(join(evaluationsDir, 'run-1', 'report.html'), '<style></style>');
  await symlink(join(dir, 'private.txt'), join(evaluationsDir, 'run-1', 'link.wav'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

beforeEach(async () => {
  app = new FakeApp();
  logger = new RecordingLogger();
  wallClockMs = 1_900_000_000_000;
  ({ server, transport } = newServer());
  await server.listen(0);
});
afterEach(async () => {
  await transport.close();
  await server.close();
});

function newServer() {
  const sockets = new WebSocketTransport({ endpoint: app, clock: new FakeClock(), logger });
  const http = new HttpServer({
    rendererDir,
    evaluationsDir,
    access: new WebAccess({ key: KEY, wallClockMs: () => wallClockMs }),
    controlSecret: SECRET,
    acceptUpgrade: (...upgrade) => sockets.accept(...upgrade),
    logger,
  });
  return { server: http, transport: sockets };
}

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** Sends the path as it is: fetch would tidy dots away and would not send another Host. */
async function ask(path: string, options: { method?: string; headers?: Record<string, string> } = {}): Promise<Answer> {
  const sent = request({ host: '127.0.0.1', port: server.port, path, agent: false, ...options }).end();
  const [response] = (await once(sent, 'response')) as [import('node:http').IncomingMessage];
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode!, headers: response.headers, text };
}

const tokenPath = (url = server.openUrl()) => new URL(url).pathname + new URL(url).search;
const cookieFrom = (answer: Answer) => answer.headers['set-cookie']![0]!.split(';')[0]!;
const letIn = async () => ({ cookie: cookieFrom(await ask(tokenPath())) });

describe('a browser is let in', () => {
  it('by a token once: it gets a strict HttpOnly cookie and goes on to the page without the token', async () => {
    const answer = await ask(tokenPath());
    expect(answer).toMatchObject({ status: 303, headers: { location: '/', 'cache-control': 'no-store' } });
    expect(answer.headers['set-cookie']![0]).toMatch(
      new RegExp(`^parley-${server.port}=[^;]+; HttpOnly; SameSite=Strict; Path=/; Max-Age=\\d+$`),
    );
    const page = await ask('/', { headers: { cookie: cookieFrom(answer) } });
    expect(page).toMatchObject({ status: 200, text: '<title>Parley</title>' });
  });

  it('not by the same token again', async () => {
    const path = tokenPath();
    await ask(path);
    const again = await ask(path);
    expect(again.status).toBe(401);
    expect(again.headers['set-cookie']).toBeUndefined();
  });

  it('by its cookie when it reloads the address with the spent token', async () => {
    const path = tokenPath();
    const cookie = cookieFrom(await ask(path));
    expect(await ask(path, { headers: { cookie } })).toMatchObject({ status: 303, headers: { location: '/' } });
  });

  it('without a redirect when another site sent it here, since the cookie would be kept back on one', async () => {
    const answer = await ask(tokenPath(), {
      headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
    });
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('http-equiv="refresh"');
    expect(answer.headers['set-cookie']).toBeDefined();
  });

  it('by a cookie of an earlier run with the same key, until the cookie ends', async () => {
    const access = new WebAccess({ key: KEY, wallClockMs: () => wallClockMs });
    const cookie = `parley-${server.port}=${access.issueCookie()}`;
    expect((await ask('/', { headers: { cookie } })).status).toBe(200);
    wallClockMs += 8 * 24 * 3600 * 1000;
    expect((await ask('/', { headers: { cookie } })).status).toBe(401);
  });

  it('not by a link preview, which leaves the token for the browser', async () => {
    const path = tokenPath();
    expect((await ask(path, { method: 'HEAD' })).status).toBe(401);
    expect((await ask(path)).status).toBe(303);
  });
});

describe('a browser is refused', () => {
  it.each(['/', '/index.html', '/assets/main-Ab12.js', '/nothing', '/?token=', '/?token=wrong'])(
    'without a cookie: %s is 401 and says what to do',
    async (path) => {
      const answer = await ask(path);
      expect(answer.status).toBe(401);
      expect(answer.text).toContain('npx parley open');
      expect(answer.headers['set-cookie']).toBeUndefined();
    },
  );

  it('with a cookie that was tampered with', async () => {
    const { cookie } = await letIn();
    const [name, value] = cookie.split('=') as [string, string];
    const [ends, ...rest] = value.split('.');
    for (const forged of [`${Number(ends) + 9}.${rest.join('.')}`, `${value}x`, value.slice(0, -2), '', 'a.b.c']) {
      expect((await ask('/', { headers: { cookie: `${name}=${forged}` } })).status).toBe(401);
    }
  });

  it.each([
    'evil.example',
    'evil.example:PORT',
    '127.0.0.1.evil.example:PORT',
    '0.0.0.0:PORT',
    '127.0.0.1:1',
    '[::1]:PORT',
  ])('under a foreign name: Host %s', async (host) => {
    const headers = { ...(await letIn()), host: host.replace('PORT', String(server.port)) };
    expect((await ask('/', { headers })).status).toBe(403);
    expect((await ask('/healthz', { headers })).status).toBe(403);
  });

  it('when a page of another site or port asks, cookie or not', async () => {
    const cookie = await letIn();
    for (const headers of [
      { origin: 'http://evil.example' },
      { origin: 'null' },
      { origin: `http://127.0.0.1:${server.port + 1}` },
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' },
      { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'empty' },
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
    ]) {
      expect((await ask('/', { headers: { ...cookie, ...headers } as unknown as Record<string, string> })).status).toBe(
        403,
      );
    }
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('for %s', async (method) => {
    expect((await ask('/', { method, headers: await letIn() })).status).toBe(405);
  });
});

describe('files', () => {
  it.each([
    '/../private.txt',
    '/..%2fprivate.txt',
    '/%2e%2e/private.txt',
    '/assets/../../private.txt',
    '/assets/..%5c..%5cprivate.txt',
    '//private.txt',
    '/./index.html',
    '/link.txt',
    '/.hidden',
    '/assets',
    '/assets/',
    '/index.html%00.js',
    '/%',
    '/%c0%ae%c0%ae/private.txt',
    `/${'a'.repeat(3000)}`,
  ])('are served from below the renderer directory only: %s', async (path) => {
    const answer = await ask(path, { headers: await letIn() });
    expect(answer.status).toBe(404);
    expect(answer.text).not.toMatch(/PRIVATE|HIDDEN/);
  });

  it('are kept by the browser for good when their name has a hash, and asked for anew when not', async () => {
    const headers = await letIn();
    const asset = await ask('/assets/main-Ab12.js', { headers });
    expect(asset.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': expect.stringContaining('immutable'),
    });
    expect((await ask('/', { headers })).headers['cache-control']).toBe('no-cache');
  });

  it('come with headers that hold the page to its own host', async () => {
    const { headers } = await ask('/', { headers: await letIn() });
    const policy = String(headers['content-security-policy']);
    expect(policy).toMatch(/^default-src 'none'; script-src 'self';/);
    expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${server.port}`);
    expect(policy).toContain(`frame-ancestors 'none'`);
    expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe|\*/);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'permissions-policy': expect.stringContaining('microphone=(self)'),
    });
    expect((await ask('/nothing')).headers['content-security-policy']).toBe(policy);
  });

  it('answer HEAD without a body', async () => {
    expect(await ask('/', { method: 'HEAD', headers: await letIn() })).toMatchObject({ status: 200, text: '' });
  });
});

describe('files of comparisons', () => {
  const WAV = '/evaluations/run-1/cells/a.wav';

  it('are for whoever may have the page, and for nobody else', async () => {
    expect((await ask(WAV)).status).toBe(401);
    const headers = await letIn();
    expect(await ask(WAV, { headers: { ...headers, 'sec-fetch-site': 'cross-site' } })).toMatchObject({ status: 403 });
    const answer = await ask(WAV, { headers });
    expect(answer).toMatchObject({ status: 200, text: '0123456789' });
    expect(answer.headers).toMatchObject({
      'content-type': 'audio/wav',
      'accept-ranges': 'bytes',
      'content-length': '10',
    });
  });

  it.each([
    ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
    ['bytes=7-', 206, '789', 'bytes 7-9/10'],
    ['bytes=-3', 206, '789', 'bytes 7-9/10'],
    ['bytes=-99', 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=8-99', 206, '89', 'bytes 8-9/10'],
    ['bytes=10-', 416, '', 'bytes */10'],
    ['bytes=5-2', 200, '0123456789', undefined],
    ['bytes=0-1,4-5', 200, '0123456789', undefined],
    ['pages=1-2', 200, '0123456789', undefined],
  ])('can be had in parts: %s', async (range, status, text, contentRange) => {
    const answer = await ask(WAV, { headers: { ...(await letIn()), range } });
    expect([answer.status, answer.text, answer.headers['content-range']]).toEqual([status, text, contentRange]);
  });

  it.each([
    '/evaluations/../private.txt',
    '/evaluations/%2e%2e/private.txt',
    '/evaluations/run-1/..%2f..%2fprivate.txt',
    '/evaluations/run-1/link.wav',
    '/evaluations//etc/passwd',
    '/evaluations/run-1',
    '/evaluations/',
  ])('are all there is: %s', async (path) => {
    const answer = await ask(path, { headers: await letIn() });
    expect([answer.status, answer.text.includes('PRIVATE')]).toEqual([404, false]);
  });

  it('show a report with its own styles, and nothing that could run', async () => {
    const { headers } = await ask('/evaluations/run-1/report.html', { headers: await letIn() });
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'unsafe-inline';/);
    expect(headers['content-security-policy']).not.toContain('script-src');
  });
});

describe('programs of the same user', () => {
  it('learn that it runs, and nothing else, without a cookie', async () => {
    expect(await ask('/healthz')).toMatchObject({ status: 200, text: '{"status":"ok"}' });
  });

  it('get a new one-time address by the secret of this run', async () => {
    const answer = await ask('/open-link', { method: 'POST', headers: { authorization: `Bearer ${SECRET}` } });
    expect(answer.status).toBe(200);
    const { url } = JSON.parse(answer.text) as { url: string };
    expect((await ask(tokenPath(url))).status).toBe(303);
  });

  it.each([
    ['POST', 'Bearer wrong'],
    ['POST', ''],
    ['GET', `Bearer ${SECRET}`],
  ])('do not get one otherwise: %s %s', async (method, authorization) => {
    expect((await ask('/open-link', { method, headers: { authorization, ...(await letIn()) } })).status).toBe(401);
  });
});

describe('the WebSocket', () => {
  const url = (path = '/socket') => `ws://127.0.0.1:${server.port}${path}`;
  const origin = () => `http://127.0.0.1:${server.port}`;

  async function refusal(path: string, options: object): Promise<number> {
    const socket = new WebSocket(url(path), options);
    socket.on('error', () => {});
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
    return response.statusCode;
  }

  it('opens for a page of ours that has the cookie', async () => {
    const socket = new WebSocket(url(), { origin: origin(), headers: await letIn() });
    await once(socket, 'open');
    expect(transport.connectionCount).toBe(1);
    socket.terminate();
  });

  it('is refused without a cookie', async () => {
    expect(await refusal('/socket', { origin: origin() })).toBe(401);
  });

  it('is refused to pages of another origin, and to those that hide theirs', async () => {
    const headers = await letIn();
    expect(await refusal('/socket', { origin: 'http://evil.example', headers })).toBe(403);
    expect(await refusal('/socket', { origin: `http://127.0.0.1:${server.port + 1}`, headers })).toBe(403);
    expect(await refusal('/socket', { origin: `https://127.0.0.1:${server.port}`, headers })).toBe(403);
    expect(await refusal('/socket', { headers })).toBe(403);
  });

  it('is refused under a foreign name, even when Origin agrees with it', async () => {
    const host = `rebound.example:${server.port}`;
    expect(await refusal('/socket', { origin: `http://${host}`, headers: { ...(await letIn()), host } })).toBe(403);
  });

  it('is refused on another path', async () => {
    expect(await refusal('/other', { origin: origin(), headers: await letIn() })).toBe(404);
  });

  it('gives a reloaded page the same state again', async () => {
    const headers = await letIn();
    const snapshots: unknown[] = [];
    for (let load = 0; load < 2; load++) {
      const socket = new WebSocket(url(), { origin: origin(), headers });
      await once(socket, 'open');
      const messages: { type: string }[] = [];
      const done = new Promise<void>((resolve) =>
        socket.on('message', (data) => {
          messages.push(JSON.parse(String(data)) as { type: string });
          if (messages.length === 2) resolve();
        }),
      );
      socket.send(JSON.stringify({ id: 0, command: { type: 'hello', contractVersion: CONTRACT_VERSION } }));
      await done;
      snapshots.push(messages[1]);
      socket.terminate();
    }
    expect(snapshots[0]).toEqual(snapshots[1]);
  });
});

describe('starting and stopping', () => {
  it('takes the next port when the wanted one is in use', async () => {
    const { server: second } = newServer();
    await second.listen(server.port);
    expect(second.port).toBeGreaterThan(server.port);
    await second.close();
  });

  it('says so when the last port that there is is in use', async () => {
    const other = createServer().listen(65_535, '127.0.0.1');
    // When another program has it already, so much the better.
    await once(other, 'listening').catch(() => {});
    const { server: second } = newServer();
    await expect(second.listen(65_535)).rejects.toMatchObject({ code: 'port-in-use', detail: '65535' });
    other.close();
  });

  it('says so when the window was not built', async () => {
    const unbuilt = new HttpServer({
      rendererDir: join(dir, 'nothing'),
      evaluationsDir,
      access: new WebAccess({ key: KEY, wallClockMs: () => wallClockMs }),
      controlSecret: SECRET,
      acceptUpgrade: () => {},
      logger,
    });
    await expect(unbuilt.listen(0)).rejects.toMatchObject({ code: 'not-built' });
  });

  it('listens on one loopback address only', async () => {
    expect(new URL(server.openUrl()).hostname).toBe('127.0.0.1');
    // A server on all addresses would answer on this one too.
    const elsewhere = connect({ port: server.port, host: '127.0.0.2' });
    await expect(once(elsewhere, 'connect')).rejects.toThrow();
  });

  it('cuts connections that do nothing when it closes', async () => {
    const idle = connect(server.port, '127.0.0.1');
    await once(idle, 'connect');
    idle.on('error', () => {});
    const ended = once(idle, 'close');
    await server.close();
    await ended;
  });

  it('never logs a token', async () => {
    const path = tokenPath();
    await ask(path);
    await ask(path);
    expect(JSON.stringify(logger.records)).not.toContain(path.split('=')[1]);
  });
});
