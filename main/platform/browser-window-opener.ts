import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { posix, win32 } from 'node:path';
import { deferred } from '../lib/deferred.ts';
import type { Clock } from '../ports/clock.ts';
import { environmentWithoutSecrets } from './secrets.ts';

export interface OpenedWindow {
  /** `app-window`: a window without tabs that belongs to us; `browser`: a tab in the user's own browser. */
  kind: 'app-window' | 'browser';
  /** Resolves when the user has closed an app window; never for a tab, or when it lives in a browser that already ran. */
  whenClosed: Promise<void>;
  /** Closes an app window; leaves a tab alone. */
  close(): Promise<void>;
}

export interface BrowserProcess {
  /** The exit code; null when it was killed or could not be started. */
  exited: Promise<number | null>;
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
}

export interface OpenWindowOptions {
  url: string;
  /** The browser's own profile for Parley: no extensions, and a running browser does not take the window over. */
  profileDir: string;
  platform: NodeJS.Platform;
  env: Record<string, string | undefined>;
  clock: Clock;
  isExecutable?: (file: string) => boolean;
  start?: (file: string, args: string[]) => BrowserProcess;
}

/** A browser that cannot show a window (no sandbox, no display) ends well within this time. */
const EARLY_EXIT_MS = 1500;
const KILL_AFTER_MS = 2000;

/**
 * Shows the window: as an app window of an installed Chromium, Chrome, Edge or Brave, else in the default browser. Undefined when there
 * is no display or nothing to show it with. PARLEY_BROWSER names another executable, or is `default` or `none`.
 */
export async function openBrowserWindow(options: OpenWindowOptions): Promise<OpenedWindow | undefined> {
  const { env, platform } = options;
  const wish = env.PARLEY_BROWSER;
  if (wish === 'none') return undefined;
  if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) return undefined;
  const isExecutable = options.isExecutable ?? canExecute;
  const candidates = wish === 'default' ? [] : wish ? [wish] : appWindowBrowsers(platform, env);
  for (const file of candidates.filter(isExecutable)) {
    const window = await openAppWindow(file, options);
    if (window) return window;
  }
  return openDefaultBrowser(options);
}

async function openAppWindow(file: string, options: OpenWindowOptions): Promise<OpenedWindow | undefined> {
  const { clock, url, profileDir, start = startProcess } = options;
  const browser = start(file, [
    `--app=${url}`,
    `--user-data-dir=${profileDir}`,
    '--no-first-run',
    '--no-default-browser-check',
    '--window-size=1100,780',
    // An answer may be spoken before the user has clicked anywhere.
    '--autoplay-policy=no-user-gesture-required',
  ]);
  const early = deferred<'running'>();
  const cancel = clock.schedule(EARLY_EXIT_MS, () => early.resolve('running'));
  const outcome = await Promise.race([browser.exited, early.promise]);
  cancel();
  if (outcome === null || (typeof outcome === 'number' && outcome !== 0)) return undefined;
  // It gave the window to an instance that already runs with this profile.
  if (outcome === 0) return { kind: 'app-window', whenClosed: new Promise(() => {}), close: async () => {} };
  return {
    kind: 'app-window',
    whenClosed: browser.exited.then(() => {}),
    async close() {
      browser.kill('SIGTERM');
      const cancelKill = clock.schedule(KILL_AFTER_MS, () => browser.kill('SIGKILL'));
      await browser.exited;
      cancelKill();
    },
  };
}

async function openDefaultBrowser(options: OpenWindowOptions): Promise<OpenedWindow | undefined> {
  const { clock, platform, url, start = startProcess } = options;
  const [file, ...args] = defaultBrowserCommand(platform);
  const opener = start(file!, [...args, url]);
  const waited = deferred<0>();
  // Some openers stay until the browser is closed; one that fails says so at once.
  const cancel = clock.schedule(EARLY_EXIT_MS, () => waited.resolve(0));
  const exitCode = await Promise.race([opener.exited, waited.promise]);
  cancel();
  if (exitCode !== 0) return undefined;
  return { kind: 'browser', whenClosed: new Promise(() => {}), close: async () => {} };
}

function defaultBrowserCommand(platform: NodeJS.Platform): string[] {
  if (platform === 'darwin') return ['open'];
  // Not `start`: it is a part of the shell, which would read the & of an address.
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return ['xdg-open'];
}

/** Full paths where a Chromium-family browser can be, the most common first. */
export function appWindowBrowsers(platform: NodeJS.Platform, env: Record<string, string | undefined>): string[] {
  if (platform === 'darwin') {
    return ['Google Chrome', 'Chromium', 'Microsoft Edge', 'Brave Browser'].map(
      (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
    );
  }
  if (platform === 'win32') {
    const roots = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA].filter((root) => root !== undefined);
    return [
      'Google\\Chrome\\Application\\chrome.exe',
      'Chromium\\Application\\chrome.exe',
      'Microsoft\\Edge\\Application\\msedge.exe',
      'BraveSoftware\\Brave-Browser\\Application\\brave.exe',
    ].flatMap((name) => roots.map((root) => win32.join(root, name)));
  }
  const names = [
    'google-chrome',
    'google-chrome-stable',
    'chromium',
    'chromium-browser',
    'microsoft-edge',
    'microsoft-edge-stable',
    'brave-browser',
  ];
  const folders = (env.PATH ?? '').split(':').filter((folder) => posix.isAbsolute(folder));
  return names.flatMap((name) => folders.map((folder) => posix.join(folder, name)));
}

function canExecute(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function startProcess(file: string, args: string[]): BrowserProcess {
  const child = spawn(file, args, { stdio: 'ignore', env: environmentWithoutSecrets(process.env) });
  // Whoever opens a window says how long it stays up for it.
  child.unref();
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', resolve);
    child.once('error', () => resolve(null));
  });
  return { exited, kill: (signal) => void child.kill(signal) };
}
