import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MoonshineTokenizer } from '../../../../main/engines/asr/moonshine-tokenizer.ts';

describe('Moonshine tokenizer', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-tokenizer-'));
    path = join(folder, 'tokenizer.bin');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const entry = (bytes: Buffer) =>
    Buffer.concat([
      bytes.length < 128
        ? Buffer.of(bytes.length)
        : Buffer.of(128 + (bytes.length % 128), Math.floor(bytes.length / 128)),
      bytes,
    ]);
  const write = (...pieces: (string | Buffer)[]) =>
    writeFile(path, Buffer.concat(pieces.map((piece) => entry(Buffer.from(piece)))));

  test('joins pieces, turns word marks into spaces and leaves out what is no text', async () => {
    await write('<unk>', '<s>', '</s>', '▁Hello', '▁wor', 'ld');
    const tokenizer = await MoonshineTokenizer.open(path, 6);
    expect(tokenizer.decode([1, 3, 4, 5, 2])).toBe('Hello world');
  });

  test('reads entries of 128 bytes and more', async () => {
    const long = 'x'.repeat(300);
    await write('<unk>', '<s>', '</s>', long, '▁y');
    expect((await MoonshineTokenizer.open(path, 5)).decode([3, 4])).toBe(`${long} y`);
  });

  test('puts a character together from its bytes', async () => {
    await write('<unk>', '<s>', '</s>', Buffer.of(0xc3), Buffer.of(0xa9));
    expect((await MoonshineTokenizer.open(path, 5)).decode([3, 4])).toBe('é');
  });

  test('refuses a file that ends in mid-entry, has another size, or is not there', async () => {
    await writeFile(path, Buffer.of(5, 65));
    await expect(MoonshineTokenizer.open(path, 1)).rejects.toMatchObject({ code: 'model-corrupt' });
    await write('<unk>');
    await expect(MoonshineTokenizer.open(path, 2)).rejects.toMatchObject({ code: 'model-corrupt' });
    await rm(path);
    await expect(MoonshineTokenizer.open(path, 1)).rejects.toMatchObject({
      code: 'model-missing',
      detail: 'tokenizer.bin',
    });
  });
});
