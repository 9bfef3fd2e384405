import { spawn } from 'node:child_process';
import { root } from './project.mjs';

/** Commands that are running, so that a request to end takes them along. */
const running = new Set();

/** Ends what runs when this process is asked to end. A terminal's Ctrl-C reaches the commands by itself. */
export function endCommandsOnSignals() {
  for (const [signal, exitCode] of [
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGINT', 130],
  ]) {
    process.on(signal, () => {
      for (const child of running) child.kill('SIGTERM');
      process.exit(exitCode);
    });
  }
}

export class CommandFailed extends Error {
  constructor(command, outcome, output) {
    super(`${command} ${outcome}${output ? `\n${output}` : ''}`);
    this.name = 'CommandFailed';
  }
}

/**
 * Runs a program to its end. With `show` its output is seen; otherwise it is kept and returned, and told when it fails.
 * Throws CommandFailed unless the exit code is 0.
 */
export async function runCommand(program, args, { show = false, env = process.env, cwd = root, timeoutMs = 0 } = {}) {
  const stdio = show ? 'inherit' : ['ignore', 'pipe', 'pipe'];
  const child = spawn(program, args, { cwd, env, stdio, windowsHide: true });
  running.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text) => (output += text));
  }
  let timedOut = false;
  const timer = timeoutMs > 0 ? setTimeout(() => ((timedOut = true), child.kill('SIGKILL')), timeoutMs) : undefined;
  const name = [program, ...args].join(' ');
  try {
    const outcome = await new Promise((resolve) => {
      child.once('error', (error) => resolve(`cannot be started: ${error.message}`));
      child.once('close', (code, signal) => resolve(code === 0 ? null : `ended with ${signal ?? `exit code ${code}`}`));
    });
    if (timedOut) throw new CommandFailed(name, `did not end within ${timeoutMs / 1000} s`, '');
    if (outcome !== null) throw new CommandFailed(name, outcome, excerpt(output));
    return output;
  } finally {
    clearTimeout(timer);
    running.delete(child);
  }
}

/** Beginning and end, where programs say what went wrong. */
function excerpt(output) {
  const lines = output.trim().split('\n');
  return lines.length <= 40 ? lines.join('\n') : [...lines.slice(0, 15), '[…]', ...lines.slice(-24)].join('\n');
}

export async function succeeds(program, args) {
  return runCommand(program, args).then(
    () => true,
    () => false,
  );
}
