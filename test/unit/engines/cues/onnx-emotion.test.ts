import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OnnxEmotion } from '../../../../main/engines/cues/onnx-emotion.ts';
import { tinyEmotionModel } from '../../../fixtures/tiny-emotion-model.ts';

const labelled = { name: 'Tiny', sampleRateHz: 16_000, labels: ['sad', 'neutral', 'angry'], softmax: true };
/** Mean square 1 → angry, 0 → sad. */
const loudIsAngry = tinyEmotionModel({ weights: [-2, 0, 4], bias: [2, 0.5, -1] });
const loud = new Float32Array(1600).fill(1);
const silent = new Float32Array(1600);
let folder: string;
let opened: OnnxEmotion[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-emotion-'));
  opened = [];
});
afterEach(async () => {
  for (const model of opened) await model.close();
  await rm(folder, { recursive: true });
});

async function open(file: object | string, onnx: Uint8Array = loudIsAngry): Promise<OnnxEmotion> {
  await writeFile(join(folder, 'model.onnx'), onnx);
  await writeFile(join(folder, 'model.json'), typeof file === 'string' ? file : JSON.stringify(file));
  const model = await OnnxEmotion.open({ folder });
  opened.push(model);
  return model;
}

describe('a speech-emotion model of the user', () => {
  it('claims the likeliest of its labels, with the probability that it gives it', async () => {
    const model = await open(labelled);
    // exp(3) against exp(0) and exp(0.5).
    const angry = Math.exp(3) / (Math.exp(3) + Math.exp(0) + Math.exp(0.5));
    expect(await model.claim(loud)).toEqual({ engine: 'Tiny', label: 'angry', confidence: expect.closeTo(angry, 5) });
    expect(await model.claim(silent)).toMatchObject({ label: 'sad' });
  });

  it('takes probabilities as they are, and refuses what are none', async () => {
    const file = { ...labelled, softmax: false };
    const model = await open(file, tinyEmotionModel({ weights: [-0.1, 0, 0.1], bias: [0.2, 0.1, 0.7] }));
    expect(await model.claim(loud)).toMatchObject({ label: 'angry', confidence: expect.closeTo(0.8, 5) });
    const logits = await open(file);
    await expect(logits.claim(loud)).rejects.toMatchObject({ code: 'engine-failed', detail: /softmax/ });
  });

  it.for([
    [[1, 5], 'low arousal, pleasant', 1],
    [[4, 2], 'high arousal, unpleasant', 0.5],
    [[3.1, 2], 'unpleasant', 0.5],
    [[3.1, 2.9], 'in the middle', 0],
  ] as const)('puts arousal and valence %o into words: %s', async ([scores, label, confidence]) => {
    const file = { name: 'Tiny', sampleRateHz: 16_000, dimensions: { arousal: 0, valence: 1, range: [1, 5] } };
    const model = await open(file, tinyEmotionModel({ weights: [0, 0], bias: scores }));
    expect(await model.claim(loud)).toMatchObject({ label, confidence: expect.closeTo(confidence, 5) });
  });

  it('brings the sound to unit variance where the model wants that', async () => {
    const model = await open({ ...labelled, normalise: true });
    const quiet = Float32Array.from({ length: 1600 }, (_, i) => 0.5 + (i % 2 === 0 ? 0.01 : -0.01));
    expect(await model.claim(quiet)).toMatchObject({ label: 'angry' });
    expect(await (await open(labelled)).claim(quiet)).not.toMatchObject({ label: 'angry' });
  });

  it.for([
    ['no JSON', '{', 'model-corrupt', /no JSON/],
    ['neither labels nor dimensions', { name: 'Tiny', sampleRateHz: 16_000 }, 'model-corrupt', /model\.json/],
    ['another input', { ...labelled, input: 'speech' }, 'model-corrupt', /no input "speech"/],
    ['another output', { ...labelled, output: 'logits' }, 'model-corrupt', /no output "logits"/],
  ] as const)('says what is wrong: %s', async ([, file, code, detail]) => {
    await expect(open(file)).rejects.toMatchObject({ code, detail: expect.stringMatching(detail) });
  });

  it('says that a file is missing or no model', async () => {
    await expect(OnnxEmotion.open({ folder })).rejects.toMatchObject({ code: 'model-missing', detail: 'model.json' });
    await expect(open(labelled, new Uint8Array(100).fill(8))).rejects.toMatchObject({ code: 'model-corrupt' });
  });

  it('gives another number of scores than labels: it fails, and says so', async () => {
    const model = await open({ ...labelled, labels: ['one', 'two'] });
    await expect(model.claim(loud)).rejects.toMatchObject({ code: 'engine-failed', detail: /3 numbers for 2 labels/ });
    await expect(model.claim(new Float32Array(0))).rejects.toMatchObject({ code: 'bad-input' });
  });
});
