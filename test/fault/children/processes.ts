import { readFileSync } from 'node:fs';

/** Whether the process is there; one that has ended and only waits to be collected is not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z';
  } catch {
    // No /proc on this system, or it ended between the two questions.
    return process.platform !== 'linux';
  }
}

/** Resolves when it is gone: the system tells nobody but its parent, so there is nothing to wait on but asking again. */
export async function untilGone(pid: number): Promise<void> {
  while (isRunning(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
}
