import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VoiceBaselineFile } from '../../../main/records/voice-baseline-file.ts';

const DAY_MS = 24 * 3600_000;
const turns = [
  { vector: [1, 2], levelDb: -30, speaker: [0.6, -0.8] },
  { vector: [3, 4], levelDb: -28 },
];
let folder: string;
let file: string;
const open = (features = ['a', 'b']) => new VoiceBaselineFile({ file, features });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-baselines-'));
  file = join(folder, 'voice-baselines.json');
});
afterEach(() => rm(folder, { recursive: true }));

describe('the file of voice baselines', () => {
  it('keeps whose voice the turns were, beside their measures', async () => {
    await open().keep('mic', turns, 5);
    const kept = await open().load({ nowMs: 6, maxAgeMs: DAY_MS });
    expect(kept.get('mic')).toEqual(turns);
  });

  it('forgets the speaker with the rest', async () => {
    const baselines = open();
    await baselines.keep('mic', turns, 5);
    await baselines.forget();
    await expect(readFile(file)).rejects.toMatchObject({ code: 'ENOENT' });
    await baselines.keep('other', [turns[1]!], 6);
    expect(await readFile(file, 'utf8')).not.toContain('speaker');
  });

  it('takes what was not used for too long off the disk, too', async () => {
    await open().keep('mic', turns, 0);
    expect(await open().load({ nowMs: DAY_MS + 1, maxAgeMs: DAY_MS })).toEqual(new Map());
    expect(await readFile(file, 'utf8')).not.toContain('speaker');
  });

  it('says nothing to a model that asks other things of a voice', async () => {
    await open().keep('mic', turns, 0);
    expect(await open(['a', 'c']).load({ nowMs: 0, maxAgeMs: DAY_MS })).toEqual(new Map());
  });
});
