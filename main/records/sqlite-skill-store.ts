import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { z } from 'zod';
import type { Alarm, ListItem, Note, SkillStore } from '../ports/skill-store.ts';
import { guarded } from './sqlite-guard.ts';

/** Each is run on files of the versions before it; what is released is never changed. */
const MIGRATIONS = [
  `
  CREATE TABLE alarms (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, due_ms INTEGER NOT NULL, label TEXT NOT NULL, duration_ms INTEGER
  ) STRICT;
  CREATE TABLE notes (id TEXT PRIMARY KEY, text TEXT NOT NULL, created_ms INTEGER NOT NULL) STRICT;
  CREATE TABLE list_items (id TEXT PRIMARY KEY, list TEXT NOT NULL, text TEXT NOT NULL) STRICT;
`,
  // JSON: days of the week, hour, minute.
  'ALTER TABLE alarms ADD COLUMN repeat TEXT;',
];
const repeatSchema = z.object({ days: z.array(z.number()), hour: z.number(), minute: z.number() });

type Row = Record<string, string | number | null>;

/**
 * Skills' things in one SQLite file. Synchronous: a write takes well below a millisecond in WAL mode, and an answer that says "timer set" must
 * not be heard before it is true.
 */
export class SqliteSkillStore implements SkillStore {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #listeners = new Set<() => void>();

  /** `file` may be ":memory:". Creates the file and its folder. Throws `internal` when it cannot be opened or is of a newer version. */
  constructor(file: string) {
    this.#database = guarded(() => {
      if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      const database = new DatabaseSync(file, { timeout: 2000 });
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
      migrate(database);
      return database;
    });
  }

  alarms(): Alarm[] {
    return this.#all('SELECT * FROM alarms ORDER BY due_ms, rowid').map((row) => ({
      id: String(row.id),
      kind: row.kind as Alarm['kind'],
      dueMs: Number(row.due_ms),
      label: String(row.label),
      durationMs: row.duration_ms === null ? null : Number(row.duration_ms),
      ...(row.repeat === null ? {} : { repeat: repeatSchema.parse(JSON.parse(String(row.repeat))) }),
    }));
  }

  putAlarm({ id, kind, dueMs, label, durationMs, repeat }: Alarm): void {
    const values = [
      id,
      kind,
      Math.round(dueMs),
      label,
      durationMs === null ? null : Math.round(durationMs),
      repeat ? JSON.stringify(repeat) : null,
    ];
    this.#run(
      'INSERT OR REPLACE INTO alarms (id, kind, due_ms, label, duration_ms, repeat) VALUES (?, ?, ?, ?, ?, ?)',
      values,
    );
    this.#alarmsChanged();
  }

  removeAlarm(id: string): void {
    this.#run('DELETE FROM alarms WHERE id = ?', [id]);
    this.#alarmsChanged();
  }

  notes(): Note[] {
    return this.#all('SELECT * FROM notes ORDER BY created_ms, rowid').map((row) => ({
      id: String(row.id),
      text: String(row.text),
      createdMs: Number(row.created_ms),
    }));
  }

  putNote({ id, text, createdMs }: Note): void {
    this.#run('INSERT OR REPLACE INTO notes (id, text, created_ms) VALUES (?, ?, ?)', [
      id,
      text,
      Math.round(createdMs),
    ]);
  }

  removeNote(id: string): void {
    this.#run('DELETE FROM notes WHERE id = ?', [id]);
  }

  items(list: string): ListItem[] {
    return this.#all('SELECT * FROM list_items WHERE list = ? ORDER BY rowid', [list]).map((row) => ({
      id: String(row.id),
      list: String(row.list),
      text: String(row.text),
    }));
  }

  lists(): string[] {
    const rows = this.#all('SELECT list FROM list_items GROUP BY list ORDER BY min(rowid)');
    return rows.map(({ list }) => String(list));
  }

  putItem({ id, list, text }: ListItem): void {
    this.#run('INSERT OR REPLACE INTO list_items (id, list, text) VALUES (?, ?, ?)', [id, list, text]);
  }

  removeItem(id: string): void {
    this.#run('DELETE FROM list_items WHERE id = ?', [id]);
  }

  onAlarmsChanged(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #alarmsChanged(): void {
    for (const listener of this.#listeners) listener();
  }

  #all(sql: string, values: (string | number)[] = []): Row[] {
    return guarded(() => this.#statement(sql).all(...values) as Row[]);
  }

  #run(sql: string, values: (string | number | null)[]): void {
    guarded(() => this.#statement(sql).run(...values));
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) this.#statements.set(sql, (statement = this.#database.prepare(sql)));
    return statement;
  }
}

function migrate(database: DatabaseSync): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.user_version);
  const missing = MIGRATIONS.slice(version);
  if (version > MIGRATIONS.length) throw new Error(`the file is of version ${version}, newer than this program`);
  if (missing.length === 0) return;
  database.exec(`BEGIN; ${missing.join('\n')} PRAGMA user_version = ${MIGRATIONS.length}; COMMIT;`);
}
