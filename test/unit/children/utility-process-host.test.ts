import { EventEmitter } from 'node:events';
import type { utilityProcess } from 'electron';
import { expect, it } from 'vitest';
import { UtilityProcessHost } from '../../../main/children/utility-process-host.ts';

class FakeUtilityProcess extends EventEmitter {
  pid: number | undefined = undefined;
  killed = false;
  readonly stderr = new EventEmitter();
  readonly sent: unknown[] = [];

  postMessage(message: unknown): void {
    this.sent.push(message);
  }

  kill(): boolean {
    this.killed = true;
    return true;
  }
}

function spawned() {
  const fake = new FakeUtilityProcess();
  const forked: unknown[][] = [];
  const fork = ((...parameters: unknown[]) => {
    forked.push(parameters);
    return fake;
  }) as unknown as typeof utilityProcess.fork;
  const host = new UtilityProcessHost({
    entriesDir: '/app/entries',
    environment: { PATH: '/bin', API_KEY: 'k' },
    fork,
  });
  return { fake, forked, child: host.spawn('listen') };
}

it('forks the entry of the child with the allowed environment and its stderr in our hands', () => {
  const { forked } = spawned();
  expect(forked).toMatchObject([
    [
      expect.stringMatching(/listen-child\.ts$/),
      [],
      { env: { PATH: '/bin', ORT_DISABLE_TELEMETRY: '1' }, execArgv: [], stdio: ['ignore', 'ignore', 'pipe'] },
    ],
  ]);
  expect((forked[0]![2] as { env: object }).env).not.toHaveProperty('API_KEY');
});

it('passes messages, stderr and the exit code on', () => {
  const { fake, child } = spawned();
  const seen: unknown[] = [];
  child.link.onMessage((message) => seen.push(message));
  child.onStderr((text) => seen.push(text));
  child.onExit((exit) => seen.push(exit));
  child.link.post({ type: 'child:ping', seq: 1 });
  fake.emit('message', { type: 'child:pong', seq: 1 });
  fake.stderr.emit('data', Buffer.from('last words'));
  fake.emit('exit', 70);
  expect(fake.sent).toEqual([{ type: 'child:ping', seq: 1 }]);
  expect(seen).toEqual([{ type: 'child:pong', seq: 1 }, 'last words', { code: 70, signal: null }]);
});

it('kills through Electron as long as there is no process id', () => {
  const { fake, child } = spawned();
  child.kill();
  expect(fake.killed).toBe(true);
});
