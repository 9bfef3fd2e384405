import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { ParleyError } from '../../contract/errors.ts';

/** Ids below this are <unk>, <s> and </s>: never text. */
const FIRST_TEXT_ID = 3;
const WORD_MARK = '▁';

/**
 * Moonshine's vocabulary. The file has one entry per id: its length in bytes (below 128 in one byte, else in two:
 * 128 + n % 128, n / 128) and the bytes. `▁` stands for a space.
 */
export class MoonshineTokenizer {
  readonly #pieces: Buffer[];

  private constructor(pieces: Buffer[]) {
    this.#pieces = pieces;
  }

  /** Throws `model-missing`, or `model-corrupt` when the file does not hold exactly `vocabularySize` entries. */
  static async open(path: string, vocabularySize: number): Promise<MoonshineTokenizer> {
    const detail = basename(path);
    const file = await readFile(path).catch((cause: unknown) => {
      throw new ParleyError({ code: 'model-missing', stage: 'listen', message: 'no tokenizer file', detail, cause });
    });
    const pieces = splitEntries(file);
    if (pieces?.length !== vocabularySize) {
      throw new ParleyError({ code: 'model-corrupt', stage: 'listen', message: 'not a tokenizer file', detail });
    }
    return new MoonshineTokenizer(pieces);
  }

  decode(tokens: readonly number[]): string {
    const pieces = tokens.filter((id) => id >= FIRST_TEXT_ID).map((id) => this.#pieces[id] ?? Buffer.alloc(0));
    // Bytes are joined before they are read as UTF-8: single-byte pieces may make up one character.
    return Buffer.concat(pieces).toString('utf8').replaceAll(WORD_MARK, ' ').trim();
  }
}

/** Undefined when an entry runs past the end of the file. */
function splitEntries(file: Buffer): Buffer[] | undefined {
  const entries: Buffer[] = [];
  let at = 0;
  while (at < file.length) {
    let length = file[at++]!;
    if (length >= 128) length = (file[at++] ?? 0) * 128 + length - 128;
    if (at + length > file.length) return undefined;
    entries.push(file.subarray(at, at + length));
    at += length;
  }
  return entries;
}
