const LOOK_EVERY_MS = 500;

/**
 * Calls back when npm, which has started us, is gone. A signal to npm ends npm and the shell that it runs scripts in, and
 * that shell passes nothing on: without this, `kill` of an `npm start` would leave the app running. Returns what stops it.
 */
export function onNpmGone(callback) {
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return () => {};
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    callback();
  }, LOOK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
