import { spawn } from 'node:child_process';
import { onNpmGone } from './parent-watch.mjs';
import { root } from './project.mjs';

/** Commands that are running, so that a request to end takes them along. */
const running = new Set();

const EXIT_CODES = { SIGTERM: 143, SIGHUP: 129, SIGINT: 130 };

/** Ends what runs when this process is asked to end; returns the function that takes this off again. */
export function endCommandsOnSignals() {
  const end = (signal) => {
    for (const child of running) child.kill('SIGTERM');
    process.exit(EXIT_CODES[signal]);
  };
  for (const signal of Object.keys(EXIT_CODES)) process.on(signal, end);
  const stopWatching = onNpmGone(() => end('SIGTERM'));
  return () => {
    stopWatching();
    for (const signal of Object.keys(EXIT_CODES)) process.off(signal, end);
  };
}

export class CommandFailed extends Error {
  constructor(command, outcome, output) {
    super(`${command} ${outcome}${output ? `\n${excerpt(output)}` : ''}`);
    this.name = 'CommandFailed';
    /** All that the command said. */
    this.output = output;
  }
}

/**
 * Runs a program to its end. With `show` its output is seen; otherwise it is kept and returned, and told when it fails.
 * Throws CommandFailed unless the exit code is 0.
 */
export async function runCommand(program, args, { show = false, env = process.env, timeoutMs = 0 } = {}) {
  const stdio = show ? 'inherit' : ['ignore', 'pipe', 'pipe'];
  const child = spawn(program, args, { cwd: root, env, stdio, windowsHide: true });
  running.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text) => (output += text));
  }
  let timedOut = false;
  const onTimeout = () => {
    timedOut = true;
    child.kill('SIGKILL');
  };
  const timer = timeoutMs > 0 ? setTimeout(onTimeout, timeoutMs) : undefined;
  try {
    const outcome = await new Promise((resolve) => {
      child.once('error', (error) => resolve(`cannot be started: ${error.message}`));
      child.once('close', (code, signal) => resolve(code === 0 ? null : `ended with ${signal ?? `exit code ${code}`}`));
    });
    const name = [program, ...args].join(' ');
    if (timedOut) throw new CommandFailed(name, `did not end within ${timeoutMs / 1000} s`, output);
    if (outcome !== null) throw new CommandFailed(name, outcome, output);
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
