import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, expect, test, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { MonotonicClock } from '../../main/platform/monotonic-clock.ts';
import { appWindowBrowsers } from '../../main/platform/browser-window-opener.ts';
import { WebHost } from '../../main/transport/web-host.ts';
import { BROWSER_ARGS } from '../../playwright.config.ts';
import { FakeApp } from '../fakes/fake-app.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';

// What a real browser makes of the web host's headers, cookies and checks, with the built window and an app that does nothing.

const rendererDir = join(import.meta.dirname, '../../out/renderer');
const executablePath = process.env.PARLEY_CHROMIUM ?? appWindowBrowsers(process.platform, process.env).find(existsSync);

let browser: Browser;
let context: BrowserContext;
let page: Page;
let host: WebHost;
let app: FakeApp;
let runDir: string;
let stranger: Server;

test.beforeAll(async () => {
  test.skip(!existsSync(join(rendererDir, 'index.html')), 'the window is not built: run "npm run setup"');
  test.skip(!executablePath, 'no Chromium-family browser is installed');
  browser = await chromium.launch({
    executablePath: executablePath!,
    args: [...BROWSER_ARGS, '--host-resolver-rules=MAP rebound.example 127.0.0.1'],
  });
  stranger = createServer((_, response) =>
    response.setHeader('content-type', 'text/html').end('<title>Stranger</title>'),
  );
  stranger.listen(0, '127.0.0.1');
  await once(stranger, 'listening');
});
test.afterAll(async () => {
  await browser?.close();
  stranger?.close();
});

test.beforeEach(async () => {
  runDir = await mkdtemp(join(tmpdir(), 'parley-e2e-security-'));
  app = new FakeApp();
  const clock = new MonotonicClock();
  host = await WebHost.start({
    ...{ endpoint: app, rendererDir, runDir, evaluationsDir: runDir, port: 0 },
    ...{ clock, logger: new RecordingLogger() },
  });
  context = await browser.newContext();
  page = await context.newPage();
});
test.afterEach(async () => {
  await context.close();
  await host.close();
  await rm(runDir, { recursive: true, force: true });
});

const origin = () => `http://127.0.0.1:${host.port}`;
const strangerOrigin = () => `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;

/** Lets the page in and waits until it is connected to the app. */
async function letIn(): Promise<void> {
  await page.goto(host.openUrl());
  await expect.poll(() => app.sessions.length).toBe(1);
}

test('the window works under its policy, and the token is gone from the address', async () => {
  const violations: string[] = [];
  page.on('console', (message) => {
    if (/Content Security Policy|Permissions-Policy|Refused to/i.test(message.text())) violations.push(message.text());
  });
  page.on('pageerror', (error) => violations.push(error.message));
  await letIn();
  await expect(page).toHaveTitle('Parley');
  expect(page.url()).toBe(`${origin()}/`);
  await page.waitForLoadState('networkidle').catch(() => {});
  expect(violations).toEqual([]);
});

test('scripts cannot read the cookie, and other sites do not get it', async () => {
  await letIn();
  const [cookie] = await context.cookies(origin());
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/' });
  expect(await page.evaluate('document.cookie')).toBe('');
});

test('a reload and a second tab show the same state; a browser without the cookie gets nothing', async () => {
  await letIn();
  await page.reload();
  await expect.poll(() => app.sessions.length).toBe(2);
  const tab = await context.newPage();
  await tab.goto(origin());
  await expect.poll(() => app.sessions.length).toBe(3);
  const other = await browser.newContext();
  const outside = await other.newPage();
  expect((await outside.goto(origin()))!.status()).toBe(401);
  await expect(outside.getByText('npx parley open')).toBeVisible();
  await other.close();
});

test('injected markup runs no script, and code cannot be made from text', async () => {
  await letIn();
  await page.evaluate(`document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="window.injected = 1">')`);
  await expect(page.addScriptTag({ content: 'window.injected = 2' })).rejects.toThrow();
  await expect(page.addScriptTag({ url: `${strangerOrigin()}/x.js` })).rejects.toThrow();
  expect(await page.evaluate('window.injected')).toBeUndefined();
  const reached = await page.evaluate(
    `fetch('${strangerOrigin()}', { mode: 'no-cors' }).then(() => true, () => false)`,
  );
  expect(reached).toBe(false);
});

test('a page on another port of this machine cannot use the cookie that the browser would send for it', async () => {
  await letIn();
  const outside = await context.newPage();
  await outside.goto(strangerOrigin());
  const outcome = await outside.evaluate(`new Promise((resolve) => {
    const socket = new WebSocket('ws://127.0.0.1:${host.port}/socket');
    socket.onopen = () => resolve('open');
    socket.onerror = () => resolve('refused');
  })`);
  expect(outcome).toBe('refused');
  const fetched = await outside.evaluate(
    `fetch('${origin()}/index.html', { mode: 'no-cors', credentials: 'include' }).then(() => 'fetched', () => 'refused')`,
  );
  expect(fetched).toBe('refused');
  expect(app.sessions).toHaveLength(1);
});

test('the window cannot be put into a frame of another page', async () => {
  await letIn();
  const outside = await context.newPage();
  await outside.goto(strangerOrigin());
  await outside.evaluate(`{
    const frame = document.createElement('iframe');
    frame.src = '${origin()}/';
    document.body.append(frame);
    new Promise((resolve) => (frame.onload = resolve));
  }`);
  expect(app.sessions).toHaveLength(1);
  for (const frame of outside.frames()) expect(await frame.title().catch(() => '')).not.toBe('Parley');
});

test('a foreign name that points here is refused', async () => {
  await letIn();
  expect((await page.goto(`http://rebound.example:${host.port}/`))!.status()).toBe(403);
});
