import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PromptStateFiles } from '../../../../main/engines/llm/prompt-state-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-states-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const files = (identity = 'model', maxFiles?: number) => new PromptStateFiles({ folder, identity, maxFiles });
const writing = (text: string) => (path: string) => writeFile(path, text);

describe('computed prompts on disk', () => {
  test('a saved state is found again by its tokens', async () => {
    expect(await files().save([1, 2, 3], writing('state'))).toBe(true);
    const path = await files().find([1, 2, 3]);
    expect(await readFile(path!, 'utf8')).toBe('state');
    expect(await files().find([1, 23])).toBeUndefined();
  });

  test('a state of another model is not found', async () => {
    await files('one').save([1], writing('state'));
    expect(await files('other').find([1])).toBeUndefined();
  });

  test('a state with one changed byte is not found and is removed', async () => {
    await files().save([1], writing('state'));
    const [name] = await readdir(folder);
    await writeFile(join(folder, name!), 'stale');
    expect(await files().find([1])).toBeUndefined();
    expect(await readdir(folder)).toEqual([]);
  });

  test('a state that could not be written whole leaves nothing behind', async () => {
    const failing = async (path: string) => {
      await writeFile(path, 'half of it');
      throw new Error('disk full');
    };
    expect(await files().save([1], failing)).toBe(false);
    expect(await readdir(folder)).toEqual([]);
  });

  test('only the newest states are kept', async () => {
    const kept = files('model', 2);
    for (const token of [1, 2]) {
      await kept.save([token], writing(`state ${token}`));
      await utimes((await kept.find([token]))!, token, token);
    }
    await kept.save([3], writing('state 3'));
    expect(await Promise.all([1, 2, 3].map(async (token) => (await kept.find([token])) !== undefined))).toEqual([
      false,
      true,
      true,
    ]);
  });

  test('a folder that cannot be made is no error', async () => {
    await writeFile(join(folder, 'file'), '');
    const impossible = new PromptStateFiles({ folder: join(folder, 'file', 'states'), identity: 'model' });
    expect(await impossible.save([1], writing('state'))).toBe(false);
    expect(await impossible.find([1])).toBeUndefined();
  });
});
