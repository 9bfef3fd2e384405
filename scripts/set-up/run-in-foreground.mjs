import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { onNpmGone } from './parent-watch.mjs';

/** Longer than the app takes to end its own children. */
const KILL_AFTER_MS = 15_000;

/**
 * Hands the terminal over to a program, passes requests to end on to it, and waits until it is gone. Resolves with the exit
 * code to end with. The program has to bear the same request twice: Ctrl-C reaches it from the terminal as well.
 */
export async function runInForeground(program, args, { env = process.env } = {}) {
  const child = spawn(program, args, { stdio: 'inherit', env });
  let killTimer;
  const passOn = (signal) => {
    child.kill(signal);
    killTimer ??= setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, passOn);
  const stopWatching = onNpmGone(() => passOn('SIGTERM'));
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
    });
  } finally {
    clearTimeout(killTimer);
    stopWatching();
    for (const signal of signals) process.off(signal, passOn);
  }
}
