import { ParleyError } from '../contract/errors.ts';
import { wordsFor } from '../contract/error-words.ts';
import { UsageError, type CliCommand, type CommandContext, type ExitCode } from './command.ts';

/** What `--help` shows of a command without loading it, and how to load it. */
export interface CommandEntry {
  summary: string;
  load(): Promise<CliCommand>;
}

export interface RunCliOptions extends CommandContext {
  commands: Record<string, CommandEntry>;
  version: string;
}

/** Runs one command line. Never throws: what went wrong is said on the terminal, and the exit code tells. */
export async function runCli(args: string[], options: RunCliOptions): Promise<ExitCode> {
  const { terminal, commands, version } = options;
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    terminal.out(overview(commands));
    return name === undefined ? 2 : 0;
  }
  if (name === '--version' || name === '-v') {
    terminal.out(version);
    return 0;
  }
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!entry) {
    terminal.note(`parley: unknown command: ${name}\nSee: parley --help`);
    return 2;
  }
  const command = await entry.load();
  if (rest.includes('--help') || rest.includes('-h')) {
    terminal.out(command.help);
    return 0;
  }
  try {
    return await command.run(rest, options);
  } catch (error) {
    return explain(name, error, options);
  }
}

function overview(commands: Record<string, CommandEntry>): string {
  const rows = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`);
  return ['Usage: parley <command> [options]', '', ...rows, '', 'parley <command> --help tells more.'].join('\n');
}

function explain(name: string, error: unknown, { terminal, signal }: RunCliOptions): ExitCode {
  if (signal.aborted) {
    terminal.note('Stopped.');
    return 1;
  }
  if (isUsageError(error)) {
    terminal.note(`parley ${name}: ${error.message}\nSee: parley ${name} --help`);
    return 2;
  }
  const failure = ParleyError.from(error, 'app');
  if (failure.code === 'internal') {
    terminal.note(`parley ${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return 1;
  }
  const { title, nextStep } = wordsFor(failure.serialise());
  const detail = [failure.message, failure.detail].filter(Boolean).join(': ');
  terminal.note(`${title} ${nextStep}\n(${failure.code}: ${detail})`);
  return failure.code === 'model-unknown' ? 2 : 1;
}

function isUsageError(error: unknown): error is Error {
  const code = (error as { code?: unknown } | null)?.code;
  return error instanceof UsageError || (typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS'));
}
