// The composition root of the desktop app. It holds what only Electron can do; each part that can be tested without it is elsewhere.
import { join } from 'node:path';
import {
  app,
  BrowserWindow,
  globalShortcut,
  ipcMain,
  Menu,
  protocol,
  safeStorage,
  session,
  systemPreferences,
  utilityProcess,
} from 'electron';
import { createApp } from './app.ts';
import { evaluationParts } from './app-evaluation.ts';
import { UtilityProcessHost } from './children/utility-process-host.ts';
import { appFiles } from './platform/app-files.ts';
import { fileSink, JsonLogger, logLevelFrom, stderrSink } from './platform/json-logger.ts';
import { MonotonicClock } from './platform/monotonic-clock.ts';
import { OrderlyShutdown } from './platform/orderly-shutdown.ts';
import { evaluationsFolder, resolvePaths } from './platform/paths.ts';
import { EnvironmentSecrets } from './platform/secrets.ts';
import { openSafeStorage } from './platform/secrets-safe-storage.ts';
import { SettingsFile } from './platform/settings.ts';
import { parseDesktopFlags } from './platform/web-flags.ts';
import { ElectronHotkeys } from './transport/electron-hotkeys.ts';
import { serveElectronWindow } from './transport/electron-ipc.ts';
import { menuTemplate } from './transport/electron-menu.ts';
import { confineNavigation } from './transport/electron-navigation.ts';
import { PAGE_SCHEME, PAGE_URL } from './transport/electron-page.ts';
import { restrictPermissions, type SessionLike } from './transport/electron-permissions.ts';
import { PAGE_SCHEME_PRIVILEGES, servePage } from './transport/electron-protocol.ts';
import { windowOptions } from './transport/electron-window.ts';
import type { AppEndpoint } from './transport/app-endpoint.ts';

const { env, platform } = process;
const flags = parseDesktopFlags(process.argv.slice(1));
const clock = new MonotonicClock();
const paths = resolvePaths({
  platform,
  env,
  homeDir: app.getPath('home'),
  workingDir: process.cwd(),
  dataDir: flags.dataDir,
});
const files = appFiles(import.meta.dirname);
const logger = new JsonLogger({
  sinks: [
    stderrSink(logLevelFrom(env.PARLEY_LOG, 'silent')),
    fileSink(paths.logFile, logLevelFrom(env.PARLEY_LOG, 'info')),
  ],
});
const shutdown = new OrderlyShutdown({ clock, logger });

// Before `ready`, which is why nothing above awaits.
app.setName('Parley');
app.setPath('userData', join(paths.dataDir, 'electron'));
app.enableSandbox();
protocol.registerSchemesAsPrivileged([PAGE_SCHEME_PRIVILEGES]);
app.on('web-contents-created', (_event, contents) => confineNavigation(contents));

// One per data folder: two would fight over the microphone and the records.
if (app.requestSingleInstanceLock()) {
  closeInOrder();
  void start().catch((error: unknown) => {
    logger.error('could not start', { error });
    app.exit(1);
  });
} else {
  app.quit();
}

async function start(): Promise<void> {
  const settings = await SettingsFile.open(paths.settingsFile, logger);
  await app.whenReady();
  restrictPermissions(session.defaultSession as SessionLike);
  protocol.handle(PAGE_SCHEME, servePage(files.rendererDir, evaluationsFolder(paths)));
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(menuTemplate({ platform, withDeveloperTools: env.PARLEY_DEVTOOLS === '1' })),
  );
  // macOS asks the user once, and gives PortAudio exact zeros until then.
  if (platform === 'darwin') void systemPreferences.askForMediaAccess('microphone');
  const childHost = new UtilityProcessHost({
    entriesDir: files.childEntriesDir,
    fork: (...args) => utilityProcess.fork(...args),
  });
  const parley = await createApp({
    clock,
    logger,
    paths,
    settings,
    secrets: new EnvironmentSecrets(env),
    keyKeeper: await openSafeStorage({ safeStorage, platform, file: paths.keysFile, logger }),
    childHost,
    evaluation: evaluationParts(files.suitesDir),
    globalHotkeys: new ElectronHotkeys({
      shortcuts: globalShortcut,
      spawn: () => childHost.spawn('keys'),
      clock,
      logger,
      platform,
      sessionType: env.XDG_SESSION_TYPE,
    }),
    ...(flags.audio === undefined ? {} : { audio: flags.audio }),
  });
  shutdown.add('app', () => parley.close());
  // What keeps it from listening is a problem in the state, which the window shows.
  parley.whenListening().catch(() => {});
  await openWindow(parley.endpoint);
}

async function openWindow(endpoint: AppEndpoint): Promise<void> {
  const window = new BrowserWindow(windowOptions(files.preloadFile));
  const stopServing = serveElectronWindow({ endpoint, ipcMain, contents: window.webContents, logger });
  shutdown.add('window', stopServing);
  window.once('ready-to-show', () => window.show());
  app.on('second-instance', () => {
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  await window.loadURL(PAGE_URL);
}

/** Also on macOS, where programs customarily stay: one that listens must not do so without a window. */
function closeInOrder(): void {
  let closed = false;
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    void shutdown.run().finally(() => {
      closed = true;
      app.exit(0);
    });
  });
}
