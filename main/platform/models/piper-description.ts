import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import { ParleyError, type Stage } from '../../contract/errors.ts';

/** The part of a Piper voice's .onnx.json that matters here. */
const descriptionSchema = z.object({
  audio: z.object({ sample_rate: z.number().int().min(8000).max(48_000) }),
  espeak: z.object({ voice: z.string().min(1) }),
  /** Others spell instead of pronouncing; they have phonemes of their own. */
  phoneme_type: z.literal('espeak').optional(),
  num_speakers: z.number().int().positive().optional(),
  phoneme_id_map: z
    .record(z.string(), z.array(z.number().int()).min(1))
    .refine((map) => Object.keys(map).length > 0, { message: 'no phonemes' }),
  inference: z.object({ noise_scale: z.number(), length_scale: z.number(), noise_w: z.number() }).partial().optional(),
  language: z.object({ code: z.string().optional(), name_english: z.string().optional() }).optional(),
  dataset: z.string().optional(),
});
export type PiperDescription = z.infer<typeof descriptionSchema>;

/** Inputs of the network of every Piper voice; those with several speakers have one more. */
export const PIPER_INPUTS = ['input', 'input_lengths', 'scales'] as const;

/** Throws `model-missing`, or `model-corrupt` naming the first thing that is not as it must be. */
export async function readPiperDescription(path: string): Promise<PiperDescription> {
  const detail = basename(path);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    const message = 'the description of a voice is not there';
    throw new ParleyError({ code: 'model-missing', stage: 'speak', message, detail, cause });
  });
  try {
    return descriptionSchema.parse(JSON.parse(text));
  } catch (cause) {
    const field = cause instanceof z.ZodError ? (cause.issues[0]?.path.join('.') ?? '') : 'no JSON';
    const message = `not a description of a Piper voice: ${field}`;
    throw new ParleyError({ code: 'model-corrupt', stage: 'speak', message, detail, cause });
  }
}

/** What the model espeak-ng-data holds. */
const PRONOUNCED = ['en', 'en-us'];

/** Throws `model-unsupported` for a voice of a language, or an accent, whose pronunciation is not among our data. */
export function requirePronunciation(espeakVoice: string, stage: Stage): void {
  if (PRONOUNCED.includes(espeakVoice.toLowerCase())) return;
  const message = `there is no pronunciation for ${espeakVoice}, only for American English`;
  throw new ParleyError({ code: 'model-unsupported', stage, message, detail: `a voice for ${espeakVoice}` });
}
