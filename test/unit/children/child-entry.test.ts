import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { childEntry } from '../../../main/children/child-entry.ts';

let entriesDir: string;
beforeEach(() => {
  entriesDir = mkdtempSync(join(tmpdir(), 'parley-entries-'));
});
afterEach(() => rmSync(entriesDir, { recursive: true }));

it('a child begins at its bundled file where there is one', () => {
  writeFileSync(join(entriesDir, 'speak-child.js'), '');
  writeFileSync(join(entriesDir, 'speak-child.ts'), '');
  expect(childEntry(entriesDir, 'speak')).toBe(join(entriesDir, 'speak-child.js'));
});

it('a child begins at its source otherwise', () => {
  expect(childEntry(entriesDir, 'speak')).toBe(join(entriesDir, 'speak-child.ts'));
});
