import { endCommandsOnSignals } from './set-up/run-command.mjs';
import { runInForeground } from './set-up/run-in-foreground.mjs';
import { ensureSetUp } from './setup.mjs';

/** Sets up what is missing, then runs the project's Node with `args` in the foreground; this process ends with its exit code. */
export async function runAfterSetUp(args, setUp = {}) {
  const stopEnding = endCommandsOnSignals();
  try {
    const { node } = await ensureSetUp(setUp);
    stopEnding();
    process.exitCode = await runInForeground(node, args);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
