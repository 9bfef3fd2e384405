import { describe, expect, it } from 'vitest';
import { deferred, type Deferred } from '../../../main/lib/deferred.ts';
import {
  appWindowBrowsers,
  openBrowserWindow,
  type OpenWindowOptions,
} from '../../../main/platform/browser-window-opener.ts';
import { FakeClock, settle } from '../../fakes/fake-clock.ts';

interface Started {
  file: string;
  args: string[];
  exit: Deferred<number | null>;
  kills: string[];
}

function desktop(options: Partial<OpenWindowOptions> & { installed?: string[] } = {}) {
  const clock = new FakeClock();
  const started: Started[] = [];
  const { installed = [], ...rest } = options;
  const opening = openBrowserWindow({
    url: 'http://127.0.0.1:7411/?token=t',
    profileDir: '/data/browser',
    platform: 'linux',
    env: { PATH: '/usr/bin:relative', DISPLAY: ':0' },
    clock,
    isExecutable: (file) => installed.includes(file),
    start(file, args) {
      const browser: Started = { file, args, exit: deferred(), kills: [] };
      started.push(browser);
      return { exited: browser.exit.promise, kill: (signal) => void browser.kills.push(signal) };
    },
    ...rest,
  });
  return { clock, started, opening };
}

describe('openBrowserWindow', () => {
  it('opens an app window with a profile of its own', async () => {
    const { clock, started, opening } = desktop({ installed: ['/usr/bin/chromium'] });
    await clock.advanceAsync(1500);
    expect((await opening)?.kind).toBe('app-window');
    expect(started).toHaveLength(1);
    expect(started[0]!.args).toEqual(
      expect.arrayContaining(['--app=http://127.0.0.1:7411/?token=t', '--user-data-dir=/data/browser']),
    );
  });

  it('tries the next browser when one cannot show a window, and the default browser last', async () => {
    const { clock, started, opening } = desktop({ installed: ['/usr/bin/google-chrome', '/usr/bin/chromium'] });
    started[0]!.exit.resolve(1);
    await settle();
    started[1]!.exit.resolve(null);
    await settle();
    expect(started.map(({ file }) => file)).toEqual(['/usr/bin/google-chrome', '/usr/bin/chromium', 'xdg-open']);
    expect(started[2]!.args).toEqual(['http://127.0.0.1:7411/?token=t']);
    started[2]!.exit.resolve(0);
    expect((await opening)?.kind).toBe('browser');
    expect(clock.pendingCount).toBe(0);
  });

  it('says that it could not when the default browser cannot be opened either', async () => {
    const { started, opening } = desktop();
    started[0]!.exit.resolve(null);
    expect(await opening).toBeUndefined();
  });

  it('starts nothing without a display, or when it is told not to', async () => {
    for (const env of [{ PATH: '/usr/bin' }, { PATH: '/usr/bin', DISPLAY: ':0', PARLEY_BROWSER: 'none' }]) {
      const { started, opening } = desktop({ env, installed: ['/usr/bin/chromium'] });
      expect(await opening).toBeUndefined();
      expect(started).toEqual([]);
    }
  });

  it('takes the browser that PARLEY_BROWSER names', async () => {
    const env = { DISPLAY: ':0', PATH: '/usr/bin' };
    const named = desktop({ env: { ...env, PARLEY_BROWSER: '/opt/b' }, installed: ['/opt/b', '/usr/bin/chromium'] });
    expect(named.started.map(({ file }) => file)).toEqual(['/opt/b']);
    const ownTab = desktop({ env: { ...env, PARLEY_BROWSER: 'default' }, installed: ['/usr/bin/chromium'] });
    expect(ownTab.started.map(({ file }) => file)).toEqual(['xdg-open']);
  });

  it('tells when the user closes the window', async () => {
    const { clock, started, opening } = desktop({ installed: ['/usr/bin/chromium'] });
    await clock.advanceAsync(1500);
    const window = (await opening)!;
    started[0]!.exit.resolve(0);
    await window.whenClosed;
  });

  it('takes a browser that hands the window on for one that lives by itself', async () => {
    const { started, opening } = desktop({ installed: ['/usr/bin/chromium'] });
    started[0]!.exit.resolve(0);
    const window = (await opening)!;
    let closed = false;
    void window.whenClosed.then(() => (closed = true));
    await window.close();
    await settle();
    expect(closed).toBe(false);
    expect(started[0]!.kills).toEqual([]);
  });

  it('closes the window politely, then by force', async () => {
    const { clock, started, opening } = desktop({ installed: ['/usr/bin/chromium'] });
    await clock.advanceAsync(1500);
    const closing = (await opening)!.close();
    expect(started[0]!.kills).toEqual(['SIGTERM']);
    clock.advance(2000);
    expect(started[0]!.kills).toEqual(['SIGTERM', 'SIGKILL']);
    started[0]!.exit.resolve(null);
    await closing;
  });

  it('gives Windows an opener that does not read the address as a command', async () => {
    const { started, opening } = desktop({ platform: 'win32', env: {} });
    expect([started[0]!.file, started[0]!.args[0]]).toEqual(['rundll32', 'url.dll,FileProtocolHandler']);
    started[0]!.exit.resolve(0);
    await opening;
  });
});

describe('appWindowBrowsers', () => {
  it('looks only in folders that are named in full', () => {
    expect(appWindowBrowsers('linux', { PATH: 'bin:.:/usr/bin' }).every((file) => file.startsWith('/usr/bin/'))).toBe(
      true,
    );
    expect(appWindowBrowsers('linux', {})).toEqual([]);
  });

  it('knows the places on macOS and Windows', () => {
    expect(appWindowBrowsers('darwin', {})).toContain('/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge');
    expect(appWindowBrowsers('win32', { PROGRAMFILES: 'C:\\P' })).toContain(
      'C:\\P\\Microsoft\\Edge\\Application\\msedge.exe',
    );
  });
});
