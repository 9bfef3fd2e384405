import type { Terminal } from './terminal.ts';

export interface CommandContext {
  terminal: Terminal;
  /** Aborted by Ctrl-C and by a polite request to end. */
  signal: AbortSignal;
}

/** What the process ends with: 0 done, 1 failed, 2 called in a way that makes no sense. */
export type ExitCode = 0 | 1 | 2;

export interface CliCommand {
  help: string;
  /** `args` without the command's own name. */
  run(args: string[], context: CommandContext): Promise<ExitCode>;
}

/** Thrown for arguments that make no sense; answered with the message, a pointer to the help, and exit code 2. */
export class UsageError extends Error {}
