import type { BrowserWindowConstructorOptions } from 'electron';

/**
 * The one window of the desktop app. The page is treated like one from the web: sandboxed, apart from the preload script's world, and
 * without Node. What Electron has as its default is written down too, so that a change of default does not open anything.
 */
export function windowOptions(preloadFile: string): BrowserWindowConstructorOptions {
  return {
    width: 1100,
    height: 780,
    minWidth: 420,
    minHeight: 480,
    title: 'Parley',
    // Shown when the page has drawn itself, so that nobody sees an empty window.
    show: false,
    autoHideMenuBar: true,
    webPreferences: {
      preload: preloadFile,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      enableBlinkFeatures: '',
      webviewTag: false,
      navigateOnDragDrop: false,
      safeDialogs: true,
      spellcheck: false,
      // Meters and the transcript go on while another program is in front.
      backgroundThrottling: false,
    },
  };
}
