import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeFileAtomically } from '../../../main/platform/atomic-file.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'parley-atomic-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

describe('writeFileAtomically', () => {
  it('makes the folders above, and a file that only the user can read', async () => {
    const file = join(dir, 'a', 'b', 'file');
    await writeFileAtomically(file, 'one');
    await writeFileAtomically(file, 'two');
    expect(await readFile(file, 'utf8')).toBe('two');
    expect((await stat(file)).mode & 0o077).toBe(0);
    expect(await readdir(join(dir, 'a', 'b'))).toEqual(['file']);
  });

  it('leaves nothing behind when it fails at the end', async () => {
    await mkdir(join(dir, 'file', 'full'), { recursive: true });
    await expect(writeFileAtomically(join(dir, 'file'), 'text')).rejects.toThrow();
    expect(await readdir(dir)).toEqual(['file']);
  });
});
