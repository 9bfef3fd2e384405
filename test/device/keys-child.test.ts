import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ForkHost } from '../../main/children/fork-host.ts';
import { KeyWatch } from '../../main/children/key-watch.ts';
import { deferred } from '../../main/lib/deferred.ts';
import { MonotonicClock } from '../../main/platform/monotonic-clock.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';

const entriesDir = fileURLToPath(new URL('../../main/children/entries', import.meta.url));
const missing = ['Xvfb', 'xdotool'].filter((program) => spawnSync(program, ['-help']).error);
if (missing.length > 0) console.warn(`Skipped: ${missing.join(' and ')} not installed.`);

let server: ChildProcess;
let display = '';

beforeAll(async () => {
  if (missing.length > 0) return;
  server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '640x480x8'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const lines = createInterface({ input: server.stdio[3] as NodeJS.ReadableStream });
  display = `:${(await once(lines, 'line'))[0] as string}`;
});

afterAll(async () => {
  if (!server) return;
  const ended = once(server, 'exit');
  server.kill();
  await ended;
});

test.skipIf(missing.length > 0)('a key is told going down and up while held, and no other key is', async () => {
  const keys: string[] = [];
  const wasUp = deferred<void>();
  const host = new ForkHost({ entriesDir, environment: { ...process.env, DISPLAY: display } });
  const watch = new KeyWatch({
    spawn: () => host.spawn('keys'),
    clock: new MonotonicClock(),
    logger: new RecordingLogger(),
    onKey(type) {
      keys.push(type);
      if (type === 'up') wasUp.resolve();
    },
    onLost: () => wasUp.reject(new Error('the child was lost')),
  });
  expect(await watch.watch('F9')).toBe(true);
  for (const args of [
    ['key', 'a'],
    ['keydown', 'F9'],
    ['key', 'b'],
    ['keyup', 'F9'],
  ]) {
    spawnSync('xdotool', args, { env: { ...process.env, DISPLAY: display } });
  }
  await wasUp.promise;
  watch.close();
  expect(keys).toEqual(['down', 'up']);
});
