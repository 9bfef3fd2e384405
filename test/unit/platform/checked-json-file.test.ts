import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CheckedJsonFile } from '../../../main/platform/checked-json-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'parley-checked-json-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const schema = z.strictObject({ words: z.array(z.string()) });
const initial = { words: ['initial'] };

describe('a JSON file with a schema', () => {
  it('is what it was set to, over a restart', async () => {
    const path = join(folder, 'a.json');
    const file = new CheckedJsonFile(path, { schema, initial });
    expect(file.current).toBe(initial);
    await file.set({ words: ['new'] });
    expect(new CheckedJsonFile(path, { schema, initial }).current).toEqual({ words: ['new'] });
  });

  it('refuses what does not fit, and keeps what it had', async () => {
    const file = new CheckedJsonFile(join(folder, 'b.json'), { schema, initial });
    await expect(file.set({ words: [1] } as never)).rejects.toMatchObject({ code: 'bad-input', detail: 'words.0' });
    expect(file.current).toBe(initial);
  });

  it.each(['{', '[]', '{"words":[1]}', '{"words":[],"more":1}'])('sets %s aside and says so', (text) => {
    const path = join(folder, 'c.json');
    writeFileSync(path, text);
    const file = new CheckedJsonFile(path, { schema, initial });
    expect(file.current).toBe(initial);
    expect(file.notice).toContain('c.json.bad');
    expect(existsSync(path)).toBe(false);
    expect(readFileSync(`${path}.bad`, 'utf8')).toBe(text);
  });
});
