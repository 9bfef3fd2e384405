import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from '@playwright/test';
import { resolvePaths } from '../../main/platform/paths.ts';

// The built program as a process: what it prints, how it ends, and what it leaves behind. Without sound.

const mainFile = join(import.meta.dirname, '../../out/main/node-main.js');

let dataDir: string;
const started: ChildProcess[] = [];

test.beforeAll(() => test.skip(!existsSync(mainFile), 'the app is not built: run "npm run setup"'));
test.beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'parley-e2e-process-'));
});
test.afterEach(async () => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  await rm(dataDir, { recursive: true, force: true });
});

const run = (...args: string[]) => start([mainFile, ...args]);

function start(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  started.push(child);
  const printed: string[] = [];
  createInterface(child.stdout!).on('line', (line) => printed.push(line));
  createInterface(child.stderr!).on('line', (line) => printed.push(line));
  const exited = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  return { child, printed, exited };
}

async function serve(...args: string[]) {
  const program = run('--no-open', '--audio', 'none', '--data-dir', dataDir, ...args);
  const readyUrl = () => /^Parley is ready: (\S+)$/m.exec(program.printed.join('\n'))?.[1];
  await expect.poll(readyUrl, { timeout: 20_000 }).toBeTruthy();
  return { ...program, url: readyUrl()! };
}

/** Lends the user's models to the run, so that it has engines to start; skips where there are none. */
async function withModels(): Promise<void> {
  test.skip(process.platform !== 'linux', 'counts processes in /proc');
  const { env, platform } = process;
  const { modelsDir } = resolvePaths({ platform, env, homeDir: homedir(), workingDir: process.cwd() });
  test.skip(!existsSync(join(modelsDir, 'silero-vad')), `no models in ${modelsDir}`);
  await symlink(modelsDir, join(dataDir, 'models'));
}

/** Processes whose parent is this one, on systems that tell it in files. */
function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return Number(readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[1]) === pid;
      } catch {
        return false;
      }
    })
    .map(Number);
}

const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal}, twice as from a terminal, ends it with 0 and leaves no process behind`, async () => {
    await withModels();
    const { child, exited } = await serve('--port', '0');
    const children = childrenOf(child.pid!);
    expect(children).not.toEqual([]);
    child.kill(signal);
    child.kill(signal);
    expect(await exited).toBe(0);
    await expect.poll(() => children.filter(isAlive)).toEqual([]);
  });
}

test('its children go when it is killed', async () => {
  await withModels();
  const { child, printed, exited } = await serve('--port', '0');
  // Whether they are all well does not matter here, only that they have been started.
  await expect.poll(() => printed.join('\n'), { timeout: 30_000 }).toMatch(/Parley (is|cannot) listen/);
  const children = childrenOf(child.pid!);
  expect(children).not.toEqual([]);
  child.kill('SIGKILL');
  await exited;
  await expect.poll(() => children.filter(isAlive), { timeout: 20_000 }).toEqual([]);
});

test('without models it says what to do and serves the window meanwhile', async () => {
  const { printed, url } = await serve('--port', '0');
  await expect.poll(() => printed.join('\n')).toContain('npx parley models install');
  expect((await fetch(url, { redirect: 'manual' })).status).toBe(303);
});

test('takes another port when the wanted one is in use', async () => {
  const other: Server = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const { url } = await serve('--port', String(port));
  expect(Number(new URL(url).port)).toBeGreaterThan(port);
  other.close();
});

test('parley open gets a new address from it, and says so when nothing runs', async () => {
  const open = () =>
    start([join(import.meta.dirname, '../../out/main/cli.js'), 'open', '--print'], { PARLEY_DATA: dataDir });
  const early = open();
  expect(await early.exited).toBe(1);
  expect(early.printed.join('\n')).toContain('not running');
  await serve('--port', '0');
  const { exited, printed } = open();
  expect(await exited).toBe(0);
  expect((await fetch(printed[0]!, { redirect: 'manual' })).status).toBe(303);
});

test('explains its flags, and refuses wrong ones', async () => {
  const help = run('--help');
  expect(await help.exited).toBe(0);
  expect(help.printed.join('\n')).toContain('--no-open');
  const wrong = run('--port', 'nine');
  expect(await wrong.exited).toBe(2);
  expect(wrong.printed.join('\n')).toContain('--port');
});
