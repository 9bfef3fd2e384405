import { parseArgs } from 'node:util';
import { describe, expect, test } from 'vitest';
import { UsageError, type CliCommand } from '../../../main/cli/command.ts';
import { runCli } from '../../../main/cli/run-cli.ts';
import { ParleyError } from '../../../main/contract/errors.ts';
import { FakeTerminal } from '../../fakes/fake-terminal.ts';

async function run(args: string[], command: CliCommand['run'] = async () => 0, signal = new AbortController().signal) {
  const terminal = new FakeTerminal();
  const commands = { work: { summary: 'does work', load: async () => ({ help: 'how to work', run: command }) } };
  const exitCode = await runCli(args, { terminal, signal, version: '1.2.3', commands });
  return { exitCode, terminal };
}

describe('the command line', () => {
  test.each([
    [['--help'], 0],
    [['help'], 0],
    [[], 2],
  ])('shows the commands for %j, exit code %i', async (args, exitCode) => {
    const result = await run(args);
    expect(result.exitCode).toBe(exitCode);
    expect(result.terminal.outLines.join()).toContain('work      does work');
  });

  test('an unknown command ends with 2 and says where to look', async () => {
    for (const name of ['frobnicate', 'toString']) {
      const { exitCode, terminal } = await run([name]);
      expect(exitCode).toBe(2);
      expect(terminal.notes.join()).toContain(`unknown command: ${name}`);
    }
  });

  test('--help of a command runs nothing', async () => {
    const { exitCode, terminal } = await run(['work', '--help'], () => Promise.reject(new Error('ran')));
    expect(exitCode).toBe(0);
    expect(terminal.outLines).toEqual(['how to work']);
  });

  test('a command gets what follows its name, and its exit code counts', async () => {
    let got: string[] = [];
    const { exitCode } = await run(['work', 'hard', '--fast'], async (args) => {
      got = args;
      return 1;
    });
    expect(got).toEqual(['hard', '--fast']);
    expect(exitCode).toBe(1);
  });

  test.each([
    ['a usage error', () => Promise.reject(new UsageError('which one?'))],
    ['an unknown option', async () => (parseArgs({ args: ['--nope'], options: {} }), 0 as const)],
  ])('%s ends with 2', async (_name, command) => {
    const { exitCode, terminal } = await run(['work'], command);
    expect(exitCode).toBe(2);
    expect(terminal.notes.join()).toContain('parley work --help');
  });

  test('an error of ours is told in words with the next step', async () => {
    const error = new ParleyError({ code: 'disk-full', stage: 'models', detail: '9 GB needed' });
    const { exitCode, terminal } = await run(['work'], () => Promise.reject(error));
    expect(exitCode).toBe(1);
    expect(terminal.notes.join()).toContain('9 GB needed');
  });

  test('an abort is no error to explain', async () => {
    const { exitCode, terminal } = await run(['work'], () => Promise.reject(new Error('x')), AbortSignal.abort());
    expect(exitCode).toBe(1);
    expect(terminal.notes).toEqual(['Stopped.']);
  });
});
