import { readdirSync } from 'node:fs';
import { setPriority } from 'node:os';

/** What desktop sound servers run at. */
const NICENESS = -11;

/**
 * Puts this process before others, as sound servers are: inference on every core must not make holes in what it has said. Where
 * the user may not (most of Linux), nothing happens and the device's own buffer has to do.
 */
export function raisePriority(): void {
  for (const thread of threads()) {
    try {
      setPriority(thread, NICENESS);
    } catch {
      return;
    }
  }
}

/** On Linux each thread has its own priority; threads that are made later inherit their maker's. */
function threads(): number[] {
  if (process.platform !== 'linux') return [process.pid];
  return readdirSync('/proc/self/task').map(Number);
}
