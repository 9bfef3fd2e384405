import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ParleyError } from '../../contract/errors.ts';

const shared = {
  /** As it is shown: "claimed by <name>". */
  name: z.string().trim().min(1).max(40),
  /** Of the model's tensors; default: the first one. */
  input: z.string().optional(),
  output: z.string().optional(),
  sampleRateHz: z.number().int().min(8000).max(48_000),
  /** Zero mean and unit variance first, as wav2vec2 and its kin want it. */
  normalise: z.boolean().default(false),
};

/** `model.json` beside `model.onnx`: what the numbers that go in and come out mean. */
const emotionModelSchema = z.union([
  z.strictObject({
    ...shared,
    labels: z.array(z.string().trim().min(1).max(40)).min(2).max(64),
    /** The outputs are logits; false: they are probabilities already. */
    softmax: z.boolean(),
  }),
  z.strictObject({
    ...shared,
    /** Where among the outputs they stand, and the values of their lowest and highest. */
    dimensions: z
      .strictObject({
        arousal: z.number().int().min(0).optional(),
        valence: z.number().int().min(0).optional(),
        range: z.tuple([z.number(), z.number()]).default([0, 1]),
      })
      .refine(({ arousal, valence }) => arousal !== undefined || valence !== undefined, 'arousal or valence')
      .refine(({ range }) => range[1] > range[0], 'range'),
  }),
]);
export type EmotionModelFile = z.infer<typeof emotionModelSchema>;

/** Throws `model-missing` without `model.json`, and `model-corrupt` with the field that is wrong in it. */
export function readEmotionModelFile(folder: string): EmotionModelFile {
  const stage = 'listen';
  let text: string;
  try {
    text = readFileSync(join(folder, 'model.json'), 'utf8');
  } catch (cause) {
    const message = 'an emotion model needs a model.json beside its model.onnx';
    throw new ParleyError({ code: 'model-missing', stage, message, detail: 'model.json', cause });
  }
  const wrong = (detail: string, cause?: unknown) =>
    new ParleyError({
      code: 'model-corrupt',
      stage,
      message: 'model.json is not as docs/voice-cues.md has it',
      detail,
      cause,
    });
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (cause) {
    throw wrong('model.json: no JSON', cause);
  }
  const parsed = emotionModelSchema.safeParse(data);
  if (!parsed.success) throw wrong(`model.json: ${z.prettifyError(parsed.error).slice(0, 400)}`, parsed.error);
  return parsed.data;
}
