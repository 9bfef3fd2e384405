import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { inProject } from './project.mjs';

const file = inProject('.setup', 'lock');
const RETRY_EVERY_MS = 300;

/** One set-up at a time in this clone: two `npm ci` in one folder destroy each other. Returns the function that lets go. */
export async function takeSetUpLock(say) {
  mkdirSync(inProject('.setup'), { recursive: true });
  for (let waited = false; ; waited = true) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      const release = () => rmSync(file, { force: true });
      process.once('exit', release);
      return release;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (!isHeld()) {
      rmSync(file, { force: true });
      continue;
    }
    if (!waited) say('Another set-up is running in this folder; waiting for it to end.');
    await new Promise((resolve) => setTimeout(resolve, RETRY_EVERY_MS));
  }
}

/** Whether the process that wrote the lock still runs: one that was killed leaves the file behind. */
function isHeld() {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    if (!(pid > 0)) return false;
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
