import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Opens a file of which nothing is left once it was forgotten: freed pages are overwritten with zeros (`secure_delete`). `file` may be ":memory:".
 * Creates the file and its folder. Throws what SQLite and the file system throw.
 */
export function openErasableDatabase(file: string): DatabaseSync {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(file, { timeout: 2000 });
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON;');
  return database;
}
