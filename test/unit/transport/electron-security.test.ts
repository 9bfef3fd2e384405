import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { EventEmitter } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { menuTemplate } from '../../../main/transport/electron-menu.ts';
import { confineNavigation } from '../../../main/transport/electron-navigation.ts';
import { isOwnPage, PAGE_URL } from '../../../main/transport/electron-page.ts';
import { restrictPermissions, type SessionLike } from '../../../main/transport/electron-permissions.ts';
import { PAGE_SCHEME_PRIVILEGES, servePage } from '../../../main/transport/electron-protocol.ts';
import { windowOptions } from '../../../main/transport/electron-window.ts';

const FOREIGN = [
  'https://example.com/',
  'http://127.0.0.1:7411/',
  'file:///etc/passwd',
  'data:text/html,x',
  'javascript:0',
];
const DISGUISED = [
  'app://parley.example/',
  'app://parley:1/',
  'app://parley@example/',
  'app://x@parley/',
  'app:parley',
  'parley',
  '',
];

describe('isOwnPage', () => {
  it('knows our page and its files', () => {
    expect([PAGE_URL, 'app://parley', 'app://parley/assets/a.js?x#y'].map(isOwnPage)).toEqual([true, true, true]);
  });

  it.each([...FOREIGN, ...DISGUISED])('takes nothing else for it: %s', (url) => {
    expect(isOwnPage(url)).toBe(false);
  });
});

describe('the desktop window', () => {
  it('is sandboxed, isolated, and without Node', () => {
    expect(windowOptions('/preload/index.cjs').webPreferences).toMatchObject({
      preload: '/preload/index.cjs',
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
    });
  });
});

describe('permissions', () => {
  let request: Parameters<SessionLike['setPermissionRequestHandler']>[0];
  let check: Parameters<SessionLike['setPermissionCheckHandler']>[0];
  let device: () => boolean;
  restrictPermissions({
    setPermissionRequestHandler: (handler) => (request = handler),
    setPermissionCheckHandler: (handler) => (check = handler),
    setDevicePermissionHandler: (handler) => (device = handler),
  });
  const asked = (permission: string, details: object = {}) => {
    let granted: boolean | undefined;
    const all = { requestingUrl: PAGE_URL, isMainFrame: true, mediaTypes: ['audio'], ...details };
    request(null, permission, (answer) => (granted = answer), all);
    return granted;
  };
  const checked = (permission: string, origin = 'app://parley/', details: object = {}) =>
    check(null, permission, origin, { isMainFrame: true, mediaType: 'audio', ...details });

  it('give our page the microphone', () => {
    expect(asked('media')).toBe(true);
    expect(checked('media')).toBe(true);
  });

  it('let it put text into the clipboard, and no other page', () => {
    expect(checked('clipboard-sanitized-write')).toBe(true);
    expect(checked('clipboard-sanitized-write', 'https://example.com/')).toBe(false);
  });

  it('give it no camera, with or without the microphone', () => {
    for (const mediaTypes of [['video'], ['audio', 'video'], [], undefined])
      expect(asked('media', { mediaTypes })).toBe(false);
    for (const mediaType of ['video', 'unknown', undefined])
      expect(checked('media', undefined, { mediaType })).toBe(false);
  });

  it.each([
    'geolocation',
    'notifications',
    'display-capture',
    'clipboard-read',
    'openExternal',
    'fileSystem',
    'midi',
    'hid',
    'usb',
  ])('do not give it %s', (permission) => {
    expect(asked(permission)).toBe(false);
    expect(checked(permission)).toBe(false);
  });

  it.each([...FOREIGN, ...DISGUISED])('give nothing to other pages: %s', (url) => {
    expect(asked('media', { requestingUrl: url })).toBe(false);
    expect(checked('media', url)).toBe(false);
  });

  it('give nothing to frames within the page, and no devices at all', () => {
    expect(asked('media', { isMainFrame: false })).toBe(false);
    expect(checked('media', undefined, { isMainFrame: false })).toBe(false);
    expect(device()).toBe(false);
  });
});

describe('navigation', () => {
  class Contents extends EventEmitter {
    windowOpenHandler: (() => { action: string }) | undefined;
    setWindowOpenHandler(handler: () => { action: 'deny' }): void {
      this.windowOpenHandler = handler;
    }
    goes(event: string, url: string): boolean {
      let prevented = false;
      this.emit(event, { url, preventDefault: () => (prevented = true) });
      return !prevented;
    }
  }
  const contents = new Contents();
  confineNavigation(contents);

  it.each(['will-navigate', 'will-frame-navigate', 'will-redirect'])(
    '%s leads nowhere but to our own page',
    (event) => {
      expect(contents.goes(event, PAGE_URL)).toBe(true);
      for (const url of [...FOREIGN, ...DISGUISED]) expect(contents.goes(event, url), url).toBe(false);
    },
  );

  it('opens no windows and no guests', () => {
    expect(contents.windowOpenHandler!()).toEqual({ action: 'deny' });
    expect(contents.goes('will-attach-webview', PAGE_URL)).toBe(false);
  });
});

describe('the page’s own scheme', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'parley-scheme-'));
    await mkdir(join(dir, 'renderer', 'assets'), { recursive: true });
    await writeFile(join(dir, 'renderer', 'index.html'), '<title>Parley</title>');
    await writeFile(join(dir, 'renderer', 'assets', 'a-1.js'), 'export {};');
    await writeFile(join(dir, 'private.txt'), 'PRIVATE');
    await mkdir(join(dir, 'evaluations', 'run-1'), { recursive: true });
    await writeFile(join(dir, 'evaluations', 'run-1', 'a.wav'), '0123456789');
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));
  const get = (url: string, method = 'GET', headers = new Headers()) =>
    servePage(join(dir, 'renderer'), join(dir, 'evaluations'))({ url, method, headers });

  it('serves the window under a strict policy', async () => {
    for (const url of [PAGE_URL, 'app://parley', 'app://parley/?x']) {
      const response = await get(url);
      expect([response.status, await response.text()]).toEqual([200, '<title>Parley</title>']);
      expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self';/);
    }
    expect((await get('app://parley/assets/a-1.js')).headers.get('content-type')).toContain('text/javascript');
  });

  it.each([
    'app://parley/../private.txt',
    'app://parley/%2e%2e/private.txt',
    'app://parley/assets/..%2f..%2fprivate.txt',
    'app://parley/evaluations/..%2fprivate.txt',
    'app://parley/evaluations/run-1/../../private.txt',
  ])('serves nothing else: %s', async (url) => {
    const response = await get(url);
    expect([response.status, (await response.text()).includes('PRIVATE')]).toEqual([404, false]);
  });

  it('gives recordings of comparisons, and parts of them to players', async () => {
    const whole = await get('app://parley/evaluations/run-1/a.wav');
    expect([whole.status, whole.headers.get('content-type'), await whole.text()]).toEqual([
      200,
      'audio/wav',
      '0123456789',
    ]);
    const part = await get('app://parley/evaluations/run-1/a.wav', 'GET', new Headers({ range: 'bytes=2-4' }));
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([206, 'bytes 2-4/10', '234']);
  });

  it('answers only GET, and only for its own host', async () => {
    expect((await get(PAGE_URL, 'POST')).status).toBe(403);
    expect((await get('app://other/index.html')).status).toBe(403);
  });

  it('is a secure context that cannot step around the policy', () => {
    expect(PAGE_SCHEME_PRIVILEGES.privileges).toMatchObject({ standard: true, secure: true });
    expect(PAGE_SCHEME_PRIVILEGES.privileges?.bypassCSP).toBeFalsy();
    expect(PAGE_SCHEME_PRIVILEGES.privileges?.allowServiceWorkers).toBeFalsy();
  });
});

describe('the menu', () => {
  const roles = (platform: NodeJS.Platform, withDeveloperTools = false) =>
    JSON.stringify(menuTemplate({ platform, withDeveloperTools }));

  it.each(['darwin', 'win32', 'linux'] as const)('can copy and paste, and quit, on %s', (platform) => {
    expect(roles(platform)).toContain('"editMenu"');
    expect(roles(platform)).toContain(platform === 'darwin' ? '"appMenu"' : '"quit"');
  });

  it('has developer tools only for developers', () => {
    expect(roles('linux')).not.toContain('toggleDevTools');
    expect(roles('linux', true)).toContain('toggleDevTools');
  });
});
