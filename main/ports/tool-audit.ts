import type { ToolCallRecord } from '../contract/tools.ts';

/** What is kept of tool calls. Each call is done when it returns. Throws `disk-full` or `internal`. */
export interface ToolAudit {
  add(record: ToolCallRecord): void;
  /** The newest first, at most 200, whose tool or arguments hold `search`; all for "". */
  find(search: string): ToolCallRecord[];
  /** null: all of them. What is forgotten is overwritten in the file. */
  forget(ids: readonly string[] | null): void;
  close(): void;
}
