import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

export interface SpeechAudio {
  pcm: Float32Array;
  sampleRateHz: number;
}

/** Everything that the sound of a text depends on. */
export interface SpeechIdentity {
  voiceId: string;
  /** Hash of the voice's weights: a voice that is updated under its name is another voice. */
  weightsSha256: string;
  /** 1 is the voice's own pace. */
  speed: number;
  text: string;
}

export interface SpeechFilesOptions {
  folder: string;
  /** The longest unused files go when there is more. Default 64 MB: about 20 minutes of speech at 24 kHz. */
  maxBytes?: number;
}

const DEFAULT_MAX_BYTES = 64 * 2 ** 20;
const MAGIC = 0x50_53_50_31;
const HEADER_BYTES = 16;
const PCM16_SCALE = 32_767;

/**
 * Spoken clauses on disk, 16 bit, named by the hash of what their sound depends on. A file that is missing, cut short or changed counts as
 * not there: it is a cache. One file: "PSP1", sample rate, samples, CRC-32 of the samples, samples (all little-endian).
 */
export class SpeechFiles {
  readonly #folder: string;
  readonly #maxBytes: number;
  /** Bytes by file name, the longest unused first; read from disk when first needed. */
  #sizes: Promise<Map<string, number>> | null = null;

  constructor(options: SpeechFilesOptions) {
    this.#folder = options.folder;
    this.#maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
  }

  /** null when it was not rendered, or the file is not whole. Never throws. */
  async read(identity: SpeechIdentity): Promise<SpeechAudio | null> {
    const name = nameOf(identity);
    const path = join(this.#folder, name);
    try {
      const audio = decode(await readFile(path));
      if (!audio) await this.#remove(name);
      else void this.#touch(name, path);
      return audio;
    } catch {
      return null;
    }
  }

  async has(identity: SpeechIdentity): Promise<boolean> {
    return (await this.#files()).has(nameOf(identity));
  }

  /** Throws what the file system throws. */
  async write(identity: SpeechIdentity, { pcm, sampleRateHz }: SpeechAudio): Promise<void> {
    const name = nameOf(identity);
    const bytes = encode(pcm, sampleRateHz);
    await mkdir(this.#folder, { recursive: true });
    const temporary = join(this.#folder, `${randomUUID()}.tmp`);
    try {
      await writeFile(temporary, bytes);
      await rename(temporary, join(this.#folder, name));
    } catch (cause) {
      await rm(temporary, { force: true });
      throw cause;
    }
    const sizes = await this.#files();
    sizes.delete(name);
    sizes.set(name, bytes.length);
    await this.#shrink(sizes);
  }

  async #shrink(sizes: Map<string, number>): Promise<void> {
    let total = [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
    for (const [name, bytes] of [...sizes]) {
      if (total <= this.#maxBytes) return;
      total -= bytes;
      await this.#remove(name);
    }
  }

  async #remove(name: string): Promise<void> {
    (await this.#files()).delete(name);
    await rm(join(this.#folder, name), { force: true });
  }

  /** Used just now: the last to go. Kept as the file's time, so that it survives a restart. */
  async #touch(name: string, path: string): Promise<void> {
    const sizes = await this.#files();
    const bytes = sizes.get(name);
    if (bytes === undefined || !sizes.delete(name)) return;
    sizes.set(name, bytes);
    const { atime } = await stat(path).catch(() => ({ atime: null }));
    const now = new Date();
    if (atime) await utimes(path, atime, now).catch(() => {});
  }

  #files(): Promise<Map<string, number>> {
    this.#sizes ??= listFiles(this.#folder);
    return this.#sizes;
  }
}

async function listFiles(folder: string): Promise<Map<string, number>> {
  const names = await readdir(folder).catch(() => []);
  const files: { name: string; bytes: number; usedMs: number }[] = [];
  for (const name of names) {
    const path = join(folder, name);
    // A program that was killed while it wrote leaves these.
    if (name.endsWith('.tmp')) await rm(path, { force: true });
    if (!name.endsWith('.pcm')) continue;
    const found = await stat(path).catch(() => null);
    if (found) files.push({ name, bytes: found.size, usedMs: found.mtimeMs });
  }
  return new Map(files.sort((a, b) => a.usedMs - b.usedMs).map(({ name, bytes }) => [name, bytes]));
}

function nameOf({ voiceId, weightsSha256, speed, text }: SpeechIdentity): string {
  return `${createHash('sha256')
    .update(JSON.stringify([voiceId, weightsSha256, speed, text]))
    .digest('hex')}.pcm`;
}

function encode(pcm: Float32Array, sampleRateHz: number): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES + 2 * pcm.length);
  for (let i = 0; i < pcm.length; i++) {
    const sample = Math.max(-1, Math.min(1, pcm[i]!));
    bytes.writeInt16LE(Math.round(sample * PCM16_SCALE), HEADER_BYTES + 2 * i);
  }
  bytes.writeUInt32BE(MAGIC, 0);
  bytes.writeUInt32LE(sampleRateHz, 4);
  bytes.writeUInt32LE(pcm.length, 8);
  bytes.writeUInt32LE(crc32(bytes.subarray(HEADER_BYTES)), 12);
  return bytes;
}

function decode(bytes: Buffer): SpeechAudio | null {
  if (bytes.length < HEADER_BYTES || bytes.readUInt32BE(0) !== MAGIC) return null;
  const samples = bytes.readUInt32LE(8);
  const body = bytes.subarray(HEADER_BYTES);
  if (samples === 0 || body.length !== 2 * samples || crc32(body) !== bytes.readUInt32LE(12)) return null;
  const pcm = new Float32Array(samples);
  for (let i = 0; i < samples; i++) pcm[i] = body.readInt16LE(2 * i) / PCM16_SCALE;
  return { pcm, sampleRateHz: bytes.readUInt32LE(4) };
}
