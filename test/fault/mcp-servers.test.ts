import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import type { McpServerConfig } from '../../main/contract/tools.ts';
import { McpServers } from '../../main/tools/mcp/mcp-servers.ts';
import { MonotonicClock } from '../../main/platform/monotonic-clock.ts';
import { FakeClock, settle } from '../fakes/fake-clock.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { HttpFixture } from '../fixtures/mcp/http-server.ts';
import { ToolRig } from '../fixtures/mcp/tool-rig.ts';

const PROGRAM = fileURLToPath(new URL('../fixtures/mcp/stdio-server.ts', import.meta.url));
const stdio = (name: string, how: string[] = [], more: object = {}): McpServerConfig => {
  const program = { transport: 'stdio' as const, command: process.execPath, env: {}, secretEnv: [] };
  return { name, ...program, args: [PROGRAM, ...how], ...more };
};

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

function servers(options: { startTimeoutMs?: number; clock?: FakeClock; secrets?: Record<string, string> } = {}) {
  const { clock = new MonotonicClock(), secrets = {}, ...more } = options;
  const readSecret = (server: string, name: string) => Promise.resolve(secrets[`${server}/${name}`]);
  const made = new McpServers({ clock, logger: new RecordingLogger(), readSecret, ...more });
  open.push(made);
  const rig = new ToolRig({ sources: [made] });
  const call = async (name: string, args: unknown = {}, signal = new AbortController().signal) => {
    const tool = rig.box.find(name)!;
    await rig.box.permissions.choose(tool, 'session');
    return rig.call(name, args, { signal });
  };
  const until = (isMet: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => void (isMet() && (stop(), resolve()));
      const stop = made.onChanged(look);
      look();
    });
  return { made, rig, call, until, state: () => made.states[0]! };
}

describe('an MCP server over stdio', () => {
  test('offers its tools under its own name, answers, and is told nothing of our environment', async () => {
    process.env.PARLEY_CANARY = 'sk-canary';
    const { made, call, state, rig } = servers({ secrets: { 'fix/FIXTURE_KEY': 'sk-given' } });
    await made.put(stdio('fix', [], { secretEnv: ['FIXTURE_KEY'] }));
    expect(state()).toMatchObject({ status: 'connected', problem: null, toolCount: 13 });
    expect(await call('fix__echo', { words: 'hello' })).toEqual({ text: 'hello', failed: false, outside: true });
    const { text } = await call('fix__environment');
    expect(text.split(' ')).not.toContain('PARLEY_CANARY');
    expect(text.split(' ')).toContain('FIXTURE_KEY');
    expect(JSON.stringify(rig.box.states())).not.toContain('sk-given');
    delete process.env.PARLEY_CANARY;
  });

  test('has no say in how dangerous its tools are', async () => {
    const { made, rig } = servers();
    await made.put(stdio('fix'));
    expect(rig.box.states().find(({ name }) => name === 'fix__wipe')).toMatchObject({
      risk: 'unknown',
      permission: 'ask',
    });
  });

  test('that says too much, garbles or fails is a result, and answers the next call', async () => {
    const { made, call } = servers();
    await made.put(stdio('fix'));
    const flood = await call('fix__flood');
    expect(Buffer.byteLength(flood.text)).toBeLessThanOrEqual(16_384);
    expect((await call('fix__garble')).text).toBe('still here');
    expect(await call('fix__fail')).toEqual({ text: 'no such city', failed: true, outside: true });
    expect((await call('fix__throw')).failed).toBe(true);
    expect((await call('fix__echo', { words: 'on' })).text).toBe('on');
  });

  test('that crashes in mid-call fails the call, is started again, and answers', async () => {
    const { made, call, until, state } = servers();
    await made.put(stdio('fix'));
    expect((await call('fix__crash')).failed).toBe(true);
    await until(() => state().status === 'restarting');
    await until(() => state().status === 'connected');
    expect((await call('fix__echo', { words: 'back' })).text).toBe('back');
  });

  test('that sends more than 4 MB in one message is ended and started again', async () => {
    const { made, call, until, state } = servers();
    await made.put(stdio('fix'));
    expect((await call('fix__burst')).failed).toBe(true);
    await until(() => state().status === 'connected');
  });

  test('that hangs holds nobody: the call is cancelled, others go on', async () => {
    const { made, call } = servers();
    await made.put(stdio('fix'));
    const abort = new AbortController();
    const hanging = call('fix__hang', {}, abort.signal);
    expect((await call('fix__echo', { words: 'on' })).text).toBe('on');
    abort.abort();
    await expect(hanging).rejects.toMatchObject({ code: 'cancelled' });
    expect((await call('fix__echo', { words: 'still' })).text).toBe('still');
  });

  test('that does not even answer a ping any more is started again', async () => {
    const clock = new FakeClock();
    const { made, call, until, state } = servers({ clock });
    await made.put(stdio('fix'));
    const abort = new AbortController();
    const dead = call('fix__stop-dead', {}, abort.signal);
    // It says that its tools have changed when it has the call, and we mean to ask for them a little later.
    while (clock.pendingCount === 0) await settle();
    abort.abort();
    await dead.catch(() => {});
    await clock.advanceAsync(5_000);
    await until(() => state().status === 'restarting');
    await clock.advanceAsync(1_000);
    await until(() => state().status === 'connected');
  });

  test('is asked for its tools again when it says that they have changed', async () => {
    const { made, call, until, rig } = servers();
    await made.put(stdio('fix'));
    await call('fix__grow');
    await until(() => rig.box.find('fix__grown') !== undefined);
    expect((await call('fix__grown')).text).toBe('new');
  });

  test('whose list is odd gives its right tools, and a result of the wrong shape is a failure', async () => {
    const { made, call, state } = servers();
    await made.put(stdio('fix', ['odd-list']));
    expect(state()).toMatchObject({ status: 'connected', toolCount: 1 });
    expect((await call('fix__right')).failed).toBe(true);
  });

  test.each([
    ['is not there', { command: 'no-such-command-at-all' }, 'cannot be run'],
    ['quits', { args: [PROGRAM, 'quits'] }, 'stopped by itself'],
    ['lacks its secret', { secretEnv: ['FIXTURE_KEY'] }, 'PARLEY_MCP_FIX_FIXTURE_KEY'],
  ])('that %s has failed, and says why', async (_, more, words) => {
    const { made, state } = servers();
    await made.put(stdio('fix', [], more));
    expect(state().status).toBe('failed');
    expect(state().problem).toContain(words);
  });

  test('that never speaks has failed after its time', async () => {
    const { made, state } = servers({ startTimeoutMs: 50 });
    await made.put(stdio('fix', ['silent']));
    expect(state()).toMatchObject({ status: 'failed' });
    expect(state().problem).toContain('does not answer');
  });
});

describe('an MCP server over streamable HTTP', () => {
  test('is sent its secret header, offers its tools, answers, and fails politely', async () => {
    const fixture = await HttpFixture.start();
    open.push({ close: () => fixture.stop() });
    const { made, call, state } = servers({ secrets: { 'web/X-Key': 'sk-given' } });
    const config = { name: 'web', transport: 'http', url: fixture.url, secretHeaders: ['X-Key'] } as const;
    await made.put({ ...config, secretHeaders: [...config.secretHeaders] });
    expect(state()).toMatchObject({ status: 'connected', toolCount: 13 });
    expect((await call('web__echo', { words: 'hello' })).text).toBe('hello');
    expect(fixture.headers.every((headers) => headers['x-key'] === 'sk-given')).toBe(true);
    expect((await call('web__burst')).failed).toBe(true);
  });

  test.each([
    [401, 'refuses the key'],
    [404, 'Check the path'],
    [500, '500'],
  ])('that answers %i has failed, and says why', async (status, words) => {
    const fixture = await HttpFixture.start();
    open.push({ close: () => fixture.stop() });
    fixture.status = status;
    const { made, state } = servers();
    await made.put({ name: 'web', transport: 'http', url: fixture.url, secretHeaders: [] });
    expect(state().status).toBe('failed');
    expect(state().problem).toContain(words);
  });

  test('that is not there has failed, and says so', async () => {
    const fixture = await HttpFixture.start();
    const { url } = fixture;
    await fixture.stop();
    const { made, state } = servers();
    await made.put({ name: 'web', transport: 'http', url, secretHeaders: [] });
    expect(state().problem).toContain('cannot be reached');
  });
});
