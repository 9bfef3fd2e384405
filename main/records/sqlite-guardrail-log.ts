import type { DatabaseSync } from 'node:sqlite';
import { guardLogEntrySchema, type GuardLogEntry } from '../contract/guardrails.ts';
import type { GuardrailLog } from '../ports/guardrail-log.ts';
import { openErasableDatabase } from './open-erasable-database.ts';
import { guarded } from './sqlite-guard.ts';

const SCHEMA_VERSION = 1;
const SCHEMA = `
  CREATE TABLE entries (
    id TEXT PRIMARY KEY, at TEXT NOT NULL, ruleId TEXT NOT NULL, ruleName TEXT NOT NULL, direction TEXT NOT NULL,
    outcome TEXT NOT NULL, "before" TEXT NOT NULL, "after" TEXT NOT NULL
  ) STRICT;
`;
/** The oldest go first. */
const MAX_ENTRIES = 5000;

/** What the guardrails did, in one SQLite file. Forgotten text is overwritten with zeros (`secure_delete`), also in the write-ahead log. */
export class SqliteGuardrailLog implements GuardrailLog {
  readonly #database: DatabaseSync;

  /** `file` may be ":memory:". Creates the file and its folder. Throws `internal` when it cannot be opened or is of a newer version. */
  constructor(file: string) {
    this.#database = guarded(() => {
      const database = openErasableDatabase(file);
      migrate(database);
      return database;
    });
  }

  add({ id, at, ruleId, ruleName, direction, outcome, before, after }: GuardLogEntry): void {
    guarded(() => {
      this.#database
        .prepare('INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
        .run(id, at, ruleId, ruleName, direction, outcome, before, after);
      this.#database
        .prepare('DELETE FROM entries WHERE rowid <= (SELECT max(rowid) FROM entries) - ?')
        .run(MAX_ENTRIES);
    });
  }

  newest(limit: number): GuardLogEntry[] {
    const rows = guarded(() => this.#database.prepare('SELECT * FROM entries ORDER BY rowid DESC LIMIT ?').all(limit));
    return rows.map((row) => guardLogEntrySchema.parse(row));
  }

  forget(ids: readonly string[] | null): void {
    guarded(() => {
      if (ids === null) this.#database.exec('DELETE FROM entries');
      else for (const id of ids) this.#database.prepare('DELETE FROM entries WHERE id = ?').run(id);
      this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    });
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }
}

function migrate(database: DatabaseSync): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.user_version);
  if (version === SCHEMA_VERSION) return;
  if (version > SCHEMA_VERSION) throw new Error(`the file is of version ${version}, newer than this program`);
  database.exec(`BEGIN; ${SCHEMA} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT;`);
}
