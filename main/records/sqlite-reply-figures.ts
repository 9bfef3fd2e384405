import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { replyTallySchema, type ReplyTally } from '../contract/replies.ts';
import type { ReplyFiguresStore } from '../ports/reply-figures.ts';
import { guarded } from './sqlite-guard.ts';

const SCHEMA = `CREATE TABLE IF NOT EXISTS reply_tallies (
  source TEXT NOT NULL, name TEXT NOT NULL, count INTEGER NOT NULL, saved_ms REAL NOT NULL, PRIMARY KEY (source, name)
) STRICT`;

/** Counts alone: neither words nor times of day, so that what is kept says nothing about what was said when. */
export class SqliteReplyFigures implements ReplyFiguresStore {
  readonly #database: DatabaseSync;

  /** `file` may be ":memory:". Throws `internal` when it cannot be opened. */
  constructor(file: string) {
    this.#database = guarded(() => {
      if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      const database = new DatabaseSync(file, { timeout: 2000 });
      database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; ${SCHEMA}`);
      return database;
    });
  }

  add({ source, name, count, savedMs }: ReplyTally): void {
    guarded(() =>
      this.#database
        .prepare(
          `INSERT INTO reply_tallies (source, name, count, saved_ms) VALUES (?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET count = count + excluded.count, saved_ms = saved_ms + excluded.saved_ms`,
        )
        .run(source, name, count, savedMs),
    );
  }

  all(): ReplyTally[] {
    return guarded(() =>
      this.#database
        .prepare('SELECT source, name, count, saved_ms AS savedMs FROM reply_tallies ORDER BY count DESC, name')
        .all()
        .map((row) => replyTallySchema.parse(row)),
    );
  }

  forget(): void {
    guarded(() => this.#database.exec('DELETE FROM reply_tallies'));
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }
}
