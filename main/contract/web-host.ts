/** The WebSocket of the web host, on the same host and port as the page. */
export const WEBSOCKET_PATH = '/socket';
export const DEFAULT_WEB_PORT = 7411;

/** Why the app closed a WebSocket (4000–4999 is the range that is free for applications). */
export const WebSocketCloseCode = {
  /** The app is quitting. */
  goingAway: 1001,
  /** The client did not read what was sent to it for too long; it may connect again. */
  tooSlow: 4008,
  /** The client did not answer pings. */
  unresponsive: 4009,
} as const;
