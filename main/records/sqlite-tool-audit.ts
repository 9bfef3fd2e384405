import type { DatabaseSync } from 'node:sqlite';
import { toolCallRecordSchema, type ToolCallRecord } from '../contract/tools.ts';
import { ParleyError } from '../contract/errors.ts';
import type { ToolAudit } from '../ports/tool-audit.ts';
import { openErasableDatabase } from './open-erasable-database.ts';

const SCHEMA_VERSION = 1;
const SCHEMA = `
  CREATE TABLE tool_calls (
    id TEXT PRIMARY KEY, at TEXT NOT NULL, tool TEXT NOT NULL, arguments TEXT NOT NULL, decision TEXT NOT NULL,
    outcome TEXT NOT NULL, duration_ms REAL NOT NULL, result_bytes INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX tool_calls_at ON tool_calls (at);
`;
const MAX_FOUND = 200;
/** Years of use; then the oldest go. */
const MAX_KEPT = 20_000;

/** Tool calls in one SQLite file. Results are not kept, arguments are until they are forgotten. */
export class SqliteToolAudit implements ToolAudit {
  readonly #database: DatabaseSync;

  /** `file` may be ":memory:". Throws `internal` when it cannot be opened or is of a newer version. */
  constructor(file: string) {
    this.#database = guarded(() => {
      const database = openErasableDatabase(file);
      migrate(database);
      return database;
    });
  }

  add(record: ToolCallRecord): void {
    const { id, at, tool, arguments: args, decision, outcome, durationMs, resultBytes } = record;
    guarded(() => {
      this.#database
        .prepare('INSERT INTO tool_calls VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
        .run(id, at, tool, args, decision, outcome, durationMs, resultBytes);
      this.#database
        .prepare(
          'DELETE FROM tool_calls WHERE rowid IN (SELECT rowid FROM tool_calls ORDER BY rowid DESC LIMIT -1 OFFSET ?)',
        )
        .run(MAX_KEPT);
    });
  }

  find(search: string): ToolCallRecord[] {
    const pattern = `%${search.replace(/[\\%_]/g, '\\$&')}%`;
    const rows = guarded(() =>
      this.#database
        .prepare(
          `SELECT * FROM tool_calls WHERE tool LIKE ? ESCAPE '\\' OR arguments LIKE ? ESCAPE '\\' ORDER BY at DESC, rowid DESC LIMIT ?`,
        )
        .all(pattern, pattern, MAX_FOUND),
    );
    return rows.map((row) =>
      toolCallRecordSchema.parse({ ...row, durationMs: row.duration_ms, resultBytes: row.result_bytes }),
    );
  }

  forget(ids: readonly string[] | null): void {
    guarded(() => {
      if (ids === null) this.#database.exec('DELETE FROM tool_calls');
      else for (const id of ids) this.#database.prepare('DELETE FROM tool_calls WHERE id = ?').run(id);
      // The journal holds the old pages until it is written back.
      this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    });
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }
}

function migrate(database: DatabaseSync): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);
  if (version > SCHEMA_VERSION) throw new Error('the file was written by a newer version of Parley');
  if (version < SCHEMA_VERSION) database.exec(`BEGIN; ${SCHEMA} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT;`);
}

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const full = (cause as { errcode?: number }).errcode === 13;
    throw new ParleyError({
      code: full ? 'disk-full' : 'internal',
      stage: 'app',
      message: 'the record of tool calls cannot be used',
      cause,
    });
  }
}
