import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FaultyServer } from './faulty-server.ts';
import { catalogueData, Installation, randomContent } from './installation.ts';

const HALF = 150_000;
let content: Buffer;
let server: FaultyServer;
let installation: Installation;
let child: ChildProcess | undefined;

beforeEach(async () => {
  content = randomContent(2 * HALF);
  server = await FaultyServer.start(content);
  installation = await Installation.create();
});

afterEach(async () => {
  child?.kill('SIGKILL');
  child = undefined;
  await server.close();
  await installation.remove();
});

const fromServer = () => catalogueData(content, [{ type: 'https', url: server.url }]);

/** Starts an installer in another process and waits until half of the file is on its disk. */
async function startAndWaitForHalf(): Promise<ChildProcess> {
  server.plan(server.stallAfter(HALF));
  const script = join(import.meta.dirname, 'install-process.ts');
  child = spawn(process.execPath, [script, installation.modelsDir, JSON.stringify(fromServer())], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout! })) {
    if (Number(line) >= HALF) return child;
  }
  throw new Error('the installer ended early');
}

describe('an installer that is killed in mid-download', () => {
  test('leaves nothing under a final name, and the next one goes on where it was', async () => {
    const killed = await startAndWaitForHalf();
    killed.kill('SIGKILL');
    await once(killed, 'close');
    expect(await installation.visibleFiles()).toEqual([]);

    expect((await installation.install(fromServer())).status).toBe('installed');
    expect(installation.notices).toEqual([]); // no lock was left behind
    expect(server.requests.at(-1)?.range).toBe(`bytes=${HALF}-`);
    expect(await installation.content()).toEqual(content);
  });

  test('while it lives, a second one waits for it', async () => {
    const first = await startAndWaitForHalf();
    const waiting = Promise.withResolvers<void>();
    const second = installation.install(fromServer(), { onNotice: () => waiting.resolve() });
    await waiting.promise;
    expect(server.requests).toHaveLength(1);
    first.kill('SIGKILL');
    expect((await second).status).toBe('installed');
    expect(await installation.content()).toEqual(content);
  });
});

describe('an installation that is aborted', () => {
  test('rejects with the reason and keeps the bytes for the next time', async () => {
    const stop = new AbortController();
    server.plan(server.stallAfter(HALF));
    const reason = new Error('stopped by the user');
    const attempt = installation.install(fromServer(), {
      signal: stop.signal,
      onProgress: ({ doneBytes }) => doneBytes >= HALF && stop.abort(reason),
    });
    await expect(attempt).rejects.toBe(reason);
    expect(await installation.visibleFiles()).toEqual([]);
    expect((await stat(installation.partialPath)).size).toBe(HALF);
  });
});

/** A file system of its own, small enough to be filled. Null, with the reason, where that is not allowed. */
function mountSmallDisk(sizeMb: number): { folder: string; unmount(): void } | { reason: string } {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return { reason: 'mounting a small tmpfs needs root on Linux' };
  const folder = mkdtempSync(join(tmpdir(), 'parley-small-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMb}m`, 'tmpfs', folder], { stdio: 'pipe' });
  } catch (error) {
    rmSync(folder, { recursive: true });
    return { reason: `mounting a small tmpfs failed: ${(error as Error).message.split('\n')[0]}` };
  }
  return {
    folder,
    unmount() {
      execFileSync('umount', ['--lazy', folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

describe('a full disk', () => {
  test('is noticed before a byte is loaded', async (context) => {
    const disk = mountSmallDisk(16);
    if ('reason' in disk) return context.skip(disk.reason);
    try {
      const full = new Installation(disk.folder);
      await expect(full.install(fromServer())).rejects.toMatchObject({ code: 'disk-full', retryable: true });
      expect(server.requests).toEqual([]);
      expect(await full.visibleFiles()).toEqual([]);
    } finally {
      disk.unmount();
    }
  });

  test('that fills up in mid-download ends it, and the next one goes on when there is room', async (context) => {
    const disk = mountSmallDisk(20);
    if ('reason' in disk) return context.skip(disk.reason);
    try {
      const full = new Installation(disk.folder);
      const filler = join(disk.folder, '.partial', 'filler');
      server.plan(
        server.stallAfter(HALF, (response) => {
          fillUp(filler);
          response.end(content.subarray(HALF));
        }),
      );
      await expect(full.install(fromServer())).rejects.toMatchObject({ code: 'disk-full' });
      expect(await full.visibleFiles()).toEqual([]);
      rmSync(filler);
      expect((await full.install(fromServer())).status).toBe('installed');
      expect(await full.content()).toEqual(content);
    } finally {
      disk.unmount();
    }
  });
});

function fillUp(path: string): void {
  for (let bytes = 32 << 20; bytes >= 1; bytes = Math.floor(bytes / 2)) {
    try {
      writeFileSync(path, Buffer.alloc(bytes), { flag: 'a' });
    } catch {
      // Full at this size; the next smaller piece may still fit.
    }
  }
}
