import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { _electron, expect, test, type ElectronApplication } from '@playwright/test';

// The desktop app itself. Electron's npm package brings no binary; where it has not been downloaded, this says so and skips.

const root = join(import.meta.dirname, '../..');
const mainFile = join(root, 'out/main/electron-main.js');

/** The binary, without asking the package for it: that would download it. */
async function electronBinary(): Promise<string | undefined> {
  const packageDir = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const name = await readFile(join(packageDir, 'path.txt'), 'utf8').catch(() => override && 'electron');
  const file = name && join(override ?? join(packageDir, 'dist'), name.trim());
  return file && existsSync(file) ? file : undefined;
}

let app: ElectronApplication;
let dataDir: string;

test.beforeAll(async () => {
  const executablePath = await electronBinary();
  test.skip(!executablePath, 'Electron’s binary is not on this machine');
  test.skip(!existsSync(mainFile), 'the app is not built: run "npm run setup"');
  dataDir = await mkdtemp(join(tmpdir(), 'parley-e2e-electron-'));
  app = await _electron.launch({
    executablePath: executablePath!,
    args: [mainFile, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
    env: { ...(process.env as Record<string, string>), PARLEY_DATA: dataDir, PARLEY_LOG: 'info' },
  });
});
test.afterAll(async () => {
  await app?.close();
  if (dataDir) await rm(dataDir, { recursive: true, force: true });
});

test('opens one window with our page, connected to the app', async () => {
  const page = await app.firstWindow();
  expect(page.url()).toBe('app://parley/index.html');
  await expect(page).toHaveTitle('Parley');
  expect(app.windows()).toHaveLength(1);
});

test('the page has the bridge and nothing of Node or Electron', async () => {
  const page = await app.firstWindow();
  const seen = await page.evaluate(() => ({
    bridge: Object.keys((globalThis as { parley?: object }).parley ?? {}).sort(),
    globals: ['require', 'process', 'module', 'Buffer', 'global'].filter((name) => name in globalThis),
  }));
  expect(seen).toEqual({ bridge: ['onMessage', 'platform', 'send'], globals: [] });
});

test('the window is sandboxed and isolated', async () => {
  await app.firstWindow();
  const preferences = await app.evaluate(({ BrowserWindow }) => {
    // Not in the typings, but what the window really has.
    const contents = BrowserWindow.getAllWindows()[0]!.webContents as unknown as {
      getLastWebPreferences(): Record<string, unknown>;
    };
    const { sandbox, contextIsolation, nodeIntegration, webSecurity } = contents.getLastWebPreferences();
    return { sandbox, contextIsolation, nodeIntegration, webSecurity };
  });
  expect(preferences).toEqual({ sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true });
});

test('the page can go nowhere and open nothing', async () => {
  const page = await app.firstWindow();
  await page.evaluate('window.open("https://example.com/")');
  await page.evaluate('location.assign("https://example.com/")');
  expect(page.url()).toBe('app://parley/index.html');
  expect(app.windows()).toHaveLength(1);
});
