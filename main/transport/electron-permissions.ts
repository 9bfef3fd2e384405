import { isOwnPage } from './electron-page.ts';

/** A page's wish, as Electron tells it in its two different ways. */
export interface PermissionWish {
  permission: string;
  /** The URL (or the origin) of the frame that asks; undefined when there is none. */
  requestingUrl: string | undefined;
  isMainFrame: boolean;
  mediaTypes: readonly string[];
}

/** The microphone, and text into the clipboard (a token that the user copies), for our own page, and nothing else. */
export function isGranted({ permission, requestingUrl, isMainFrame, mediaTypes }: PermissionWish): boolean {
  if (!isMainFrame || requestingUrl === undefined || !isOwnPage(requestingUrl)) return false;
  if (permission === 'clipboard-sanitized-write') return true;
  return permission === 'media' && mediaTypes.length > 0 && mediaTypes.every((type) => type === 'audio');
}

/** The part of Electron's Session that is used here. */
export interface SessionLike {
  setPermissionRequestHandler(
    handler: (
      contents: unknown,
      permission: string,
      callback: (granted: boolean) => void,
      details: { requestingUrl: string; isMainFrame: boolean; mediaTypes?: string[] },
    ) => void,
  ): void;
  setPermissionCheckHandler(
    handler: (
      contents: unknown,
      permission: string,
      requestingOrigin: string,
      details: { isMainFrame: boolean; mediaType?: string; requestingUrl?: string },
    ) => boolean,
  ): void;
  setDevicePermissionHandler(handler: () => boolean): void;
}

/** Without these handlers Electron grants everything. */
export function restrictPermissions(session: SessionLike): void {
  session.setPermissionRequestHandler((_contents, permission, callback, details) => {
    const { requestingUrl, isMainFrame, mediaTypes = [] } = details;
    callback(isGranted({ permission, requestingUrl, isMainFrame, mediaTypes }));
  });
  session.setPermissionCheckHandler((_contents, permission, requestingOrigin, details) =>
    isGranted({
      permission,
      requestingUrl: requestingOrigin,
      isMainFrame: details.isMainFrame,
      mediaTypes: details.mediaType === undefined ? [] : [details.mediaType],
    }),
  );
  session.setDevicePermissionHandler(() => false);
}
