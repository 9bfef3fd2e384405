import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, test } from 'vitest';

const module = new URL('../../../scripts/set-up/run-in-foreground.mjs', import.meta.url).href;
/** Says its process id and ends with 7 when it is asked to end. */
const PROGRAM = `process.on('SIGTERM', () => process.exit(7)); console.log(process.pid); setInterval(() => {}, 1000);`;
const STARTER = `
  import { runInForeground } from ${JSON.stringify(module)};
  process.exitCode = await runInForeground(process.execPath, ['-e', ${JSON.stringify(PROGRAM)}]);`;

let starter: ChildProcess | undefined;
let programPid: number | undefined;

afterEach(() => {
  starter?.kill('SIGKILL');
  if (programPid !== undefined && isRunning(programPid)) process.kill(programPid, 'SIGKILL');
});

async function start(command: string, args: string[], env = process.env): Promise<void> {
  starter = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: starter.stdout! })) {
    programPid = Number(line);
    return;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(process.platform === 'win32')('a program in the foreground', () => {
  test('is asked to end when we are, waited for, and its exit code is ours', async () => {
    await start(process.execPath, ['--input-type=module', '-e', STARTER]);
    starter!.kill('SIGTERM');
    expect(await once(starter!, 'exit')).toEqual([7, null]);
    expect(isRunning(programPid!)).toBe(false);
  });

  test('ends when npm is gone, whose shell passes no signal on', async () => {
    // A shell in the middle, as npm has it: it dies of the signal and leaves its child to itself.
    const script = `"$0" --input-type=module -e "$1"; true`;
    const env = { ...process.env, npm_lifecycle_event: 'start' };
    await start('/bin/sh', ['-c', script, process.execPath, STARTER], env);
    starter!.kill('SIGTERM');
    // The pipe is closed when the last process that holds it has ended.
    await once(starter!, 'close');
    expect(isRunning(programPid!)).toBe(false);
  });
});
