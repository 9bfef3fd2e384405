import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SpeechFiles } from '../../../../main/cascade/reply-cache/speech-files.ts';

const identity = { voiceId: 'heart', weightsSha256: 'ab', speed: 1, text: 'Hello.' };
const audio = { pcm: Float32Array.from({ length: 500 }, (_, i) => Math.sin(i / 10)), sampleRateHz: 24_000 };
/** 16 of the header and two a sample. */
const FILE_BYTES = 1016;

describe('speech files', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-speech-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('give back what was written, also to the next run', async () => {
    await new SpeechFiles({ folder }).write(identity, audio);
    const found = await new SpeechFiles({ folder }).read(identity);
    expect(found?.sampleRateHz).toBe(24_000);
    expect(found?.pcm.length).toBe(500);
    for (const [i, sample] of found!.pcm.entries()) expect(sample).toBeCloseTo(audio.pcm[i]!, 4);
  });

  it('belong to one text, voice, version of the voice and pace', async () => {
    const files = new SpeechFiles({ folder });
    await files.write(identity, audio);
    for (const other of [{ text: 'Hello!' }, { voiceId: 'x' }, { weightsSha256: 'cd' }, { speed: 0.9 }]) {
      expect(await files.read({ ...identity, ...other })).toBeNull();
    }
  });

  it('that were cut short or changed count as missing, and go', async () => {
    const files = new SpeechFiles({ folder });
    for (const damage of [
      (bytes: Buffer) => bytes.subarray(0, 300),
      (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 500), Buffer.from([1, 2, 3]), bytes.subarray(503)]),
      () => Buffer.from('no audio at all'),
      () => Buffer.alloc(0),
    ]) {
      await files.write(identity, audio);
      const [name] = await readdir(folder);
      await writeFile(join(folder, name!), damage(await readFile(join(folder, name!))));
      expect(await files.read(identity)).toBeNull();
      expect(await files.has(identity)).toBe(false);
    }
  });

  it('stay within their bound: the longest unused goes first', async () => {
    const files = new SpeechFiles({ folder, maxBytes: 3 * FILE_BYTES });
    for (const text of ['a', 'b', 'c']) await files.write({ ...identity, text }, audio);
    await files.read({ ...identity, text: 'a' });
    await files.write({ ...identity, text: 'd' }, audio);
    const has = await Promise.all(['a', 'b', 'c', 'd'].map((text) => files.has({ ...identity, text })));
    expect(has).toEqual([true, false, true, true]);
    expect(await readdir(folder)).toHaveLength(3);
  });

  it('remember over a restart which was used last, and sweep up half-written ones', async () => {
    const files = new SpeechFiles({ folder });
    await files.write({ ...identity, text: 'old' }, audio);
    const [old] = await readdir(folder);
    await utimes(join(folder, old!), new Date(1000), new Date(1000));
    await files.write({ ...identity, text: 'new' }, audio);
    await writeFile(join(folder, 'half.tmp'), 'x');
    const later = new SpeechFiles({ folder, maxBytes: 2 * FILE_BYTES });
    await later.write({ ...identity, text: 'newest' }, audio);
    expect(await later.has({ ...identity, text: 'old' })).toBe(false);
    expect(await later.has({ ...identity, text: 'new' })).toBe(true);
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});
