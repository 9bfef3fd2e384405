export type LogFields = Record<string, unknown>;

/** `message` is a constant sentence. Speech, prompts and keys go in fields named `pii.*` / `secret.*`, which are redacted. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  child(fields: LogFields): Logger;
}
