import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Campplus } from '../../main/engines/cues/campplus.ts';
import { appFiles } from '../../main/platform/app-files.ts';
import { loadFlac, missing, testDataPath } from './listener-speech.ts';

const clip = (name: string): string => testDataPath(`emodb/${name}.flac`);
const { speakerModelFile } = appFiles(join(import.meta.dirname, '../../main'));
let encoder: Campplus;

beforeAll(async () => {
  encoder = await Campplus.open({ modelPath: speakerModelFile });
});
afterAll(() => encoder.close());

test('refuses audio that is too short for a voice, or none', async () => {
  await expect(encoder.embed(new Float32Array(800))).rejects.toMatchObject({ code: 'bad-input' });
  await expect(encoder.embed(new Float32Array(16_000).fill(NaN))).rejects.toMatchObject({ code: 'bad-input' });
});

describe.skipIf(missing(clip('03a01Nc')))('of actors', () => {
  const embed = async (name: string): Promise<number[]> =>
    encoder.embed((await loadFlac(clip(name))).subarray(0, 24_000));
  const cosine = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);

  test('one who is angry is more like himself than like another man or a woman', async () => {
    const [neutral, angry] = [await embed('03a01Nc'), await embed('03a01Wa')];
    const others = [await embed('10a01Nb'), await embed('08a01Na')];
    expect(Math.hypot(...neutral)).toBeCloseTo(1, 2);
    for (const other of others) expect(cosine(neutral, angry)).toBeGreaterThan(cosine(neutral, other) + 0.1);
  });

  test('loudness does not change whose voice it is', async () => {
    const pcm = (await loadFlac(clip('03a01Nc'))).subarray(0, 24_000);
    const loud = await encoder.embed(pcm.map((sample) => 0.1 * sample));
    expect(cosine(await encoder.embed(pcm), loud)).toBeGreaterThan(0.98);
  });
});
