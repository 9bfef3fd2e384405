import { readFileSync, renameSync } from 'node:fs';
import type { z } from 'zod';
import { ParleyError } from '../contract/errors.ts';
import { writeFileAtomically } from './atomic-file.ts';

/** Data of one schema in a JSON file. A file that does not fit is set aside as `<file>.bad`, and `initial` is used. */
export class CheckedJsonFile<Data> {
  /** What the user should know about how the file was read; null when there is nothing. */
  readonly notice: string | null;
  readonly #file: string;
  readonly #schema: z.ZodType<Data>;
  #current: Data;
  #lastWrite: Promise<void> = Promise.resolve();

  /** Throws `internal` when the file is there but cannot be read. */
  constructor(file: string, { schema, initial }: { schema: z.ZodType<Data>; initial: Data }) {
    this.#file = file;
    this.#schema = schema;
    const read = readChecked(file, schema);
    this.notice = read.notice;
    this.#current = read.data ?? initial;
  }

  get current(): Data {
    return this.#current;
  }

  /** `current` has it at once; resolves when it is on disk. Throws `bad-input`, `disk-full`, `internal`. */
  async set(data: Data): Promise<void> {
    const parsed = this.#schema.safeParse(data);
    if (!parsed.success) {
      throw new ParleyError({ code: 'bad-input', stage: 'app', detail: parsed.error.issues[0]?.path.join('.') });
    }
    this.#current = parsed.data;
    const text = `${JSON.stringify(parsed.data, undefined, 2)}\n`;
    const write = this.#lastWrite.then(() => writeFileAtomically(this.#file, text));
    this.#lastWrite = write.catch(() => {});
    try {
      await write;
    } catch (cause) {
      const isFull = (cause as NodeJS.ErrnoException).code === 'ENOSPC';
      throw ParleyError.from(cause, 'app', isFull ? 'disk-full' : 'internal');
    }
  }
}

function readChecked<Data>(file: string, schema: z.ZodType<Data>): { data: Data | null; notice: string | null } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return { data: null, notice: null };
    throw ParleyError.from(cause, 'app');
  }
  const parsed = schema.safeParse(parsedJson(text));
  if (parsed.success) return { data: parsed.data, notice: null };
  renameSync(file, `${file}.bad`);
  const where = parsed.error.issues[0]?.path.join('.') || 'the file as a whole';
  return { data: null, notice: `${file} could not be used (${where}) and was set aside as ${file}.bad` };
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
