import type { GuardLogEntry } from '../contract/guardrails.ts';

/** What the guardrails did, with the texts: kept apart from log files, and forgotten when the user says so. */
export interface GuardrailLog {
  /** Throws `disk-full` or `internal`. */
  add(entry: GuardLogEntry): void;
  /** The newest first. */
  newest(limit: number): GuardLogEntry[];
  /** `null`: all of them. What was forgotten is overwritten in the file. */
  forget(ids: readonly string[] | null): void;
  close(): void;
}
