import { isOwnPage } from './electron-page.ts';

interface Preventable {
  preventDefault(): void;
}

/** The part of Electron's WebContents that is used here. */
export interface NavigatingContents {
  on(
    event: 'will-navigate' | 'will-frame-navigate' | 'will-redirect',
    listener: (details: Preventable & { url: string }) => void,
  ): unknown;
  on(event: 'will-attach-webview', listener: (event: Preventable) => void): unknown;
  setWindowOpenHandler(handler: () => { action: 'deny' }): void;
}

/** Keeps any page of the program on its own scheme, and without windows and guests. For every web contents as it is created. */
export function confineNavigation(contents: NavigatingContents): void {
  const stayHere = (details: Preventable & { url: string }): void => {
    if (!isOwnPage(details.url)) details.preventDefault();
  };
  contents.on('will-navigate', stayHere);
  contents.on('will-frame-navigate', stayHere);
  contents.on('will-redirect', stayHere);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}
