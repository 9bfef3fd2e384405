import { closeSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { LogFields, Logger } from '../ports/logger.ts';
import { redact } from './redact.ts';

const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LEVELS)[number];
type WrittenLevel = Exclude<LogLevel, 'silent'>;

/** Takes one whole line, newline included. Must not throw. */
export interface LogSink {
  /** Lines below this level are not given to the sink. */
  level: LogLevel;
  write(line: string): void;
}

export interface JsonLoggerOptions {
  sinks: readonly LogSink[];
  /** ISO 8601 wall-clock time for the record. Default: now. */
  now?: () => string;
  fields?: LogFields;
}

/** One JSON object a line: time, level, message, then the fields, redacted. */
export class JsonLogger implements Logger {
  readonly #options: JsonLoggerOptions;
  readonly #now: () => string;

  constructor(options: JsonLoggerOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => new Date().toISOString());
  }

  debug(message: string, fields?: LogFields): void {
    this.#log('debug', message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.#log('info', message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.#log('warn', message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.#log('error', message, fields);
  }

  child(fields: LogFields): Logger {
    return new JsonLogger({ ...this.#options, fields: { ...this.#options.fields, ...fields } });
  }

  #log(level: WrittenLevel, message: string, fields: LogFields | undefined): void {
    const rank = LEVELS.indexOf(level);
    const sinks = this.#options.sinks.filter((sink) => rank >= LEVELS.indexOf(sink.level));
    if (sinks.length === 0) return;
    const extra = redact({ ...this.#options.fields, ...fields }) as LogFields;
    // Time, level and message last: a field of that name must not hide them. JSON.stringify keeps the first position of a key.
    const record = { time: '', level, message, ...extra };
    const line = `${JSON.stringify({ ...record, time: this.#now(), level, message })}\n`;
    for (const sink of sinks) sink.write(line);
  }
}

/** What PARLEY_LOG says, or `fallback` when it is unset or says something else. */
export function logLevelFrom(value: string | undefined, fallback: LogLevel): LogLevel {
  const level = value?.trim().toLowerCase();
  return LEVELS.find((known) => known === level) ?? fallback;
}

export function stderrSink(level: LogLevel): LogSink {
  return { level, write: (line) => void process.stderr.write(line) };
}

const MAX_LOG_FILE_BYTES = 5 * 1024 * 1024;

/**
 * Appends to a file, readable by the user alone. A file that is over 5 MB when opened becomes `<file>.1`, replacing the one before.
 * A file that cannot be written is given up silently: logging must not stop the program.
 */
export function fileSink(file: string, level: LogLevel): LogSink & { close(): void } {
  let descriptor: number | undefined;
  const giveUp = (): void => {
    if (descriptor === undefined) return;
    try {
      closeSync(descriptor);
    } catch {
      // Nothing more to be done about it.
    }
    descriptor = undefined;
  };
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > MAX_LOG_FILE_BYTES) renameSync(file, `${file}.1`);
    descriptor = openSync(file, 'a', 0o600);
  } catch {
    giveUp();
  }
  return {
    level,
    write(line) {
      if (descriptor === undefined) return;
      try {
        writeSync(descriptor, line);
      } catch {
        giveUp();
      }
    },
    close: giveUp,
  };
}
