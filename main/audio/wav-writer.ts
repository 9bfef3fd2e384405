import { closeSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { ParleyError } from '../contract/errors.ts';

const HEADER_BYTES = 44;
/** The sizes in a WAV header have 32 bits. */
const MAX_DATA_BYTES = 0xffffffff - HEADER_BYTES;

/**
 * Writes a PCM16 WAV file that is whole after every `checkpoint()`: the header says what is there, so that a file whose writer was
 * killed can be played up to the last one. Writes are synchronous: a few kB at a time, into the page cache.
 */
export class WavWriter {
  readonly sampleRateHz: number;
  readonly channels: number;
  readonly #fd: number;
  readonly #name: string;
  #dataBytes = 0;
  #isClosed = false;

  /** Creates or overwrites the file. Throws `audio-file-bad` when it cannot be written. */
  constructor(options: { filePath: string; sampleRateHz: number; channels?: number }) {
    this.sampleRateHz = options.sampleRateHz;
    this.channels = options.channels ?? 1;
    this.#name = path.basename(options.filePath);
    this.#fd = this.#attempt(() => openSync(options.filePath, 'w'));
    this.checkpoint();
  }

  /** Samples per channel written so far. */
  get length(): number {
    return this.#dataBytes / 2 / this.channels;
  }

  /** One array for each channel, equally long, −1…1 (clipped). */
  write(...channels: Float32Array[]): void {
    const length = channels[0]?.length ?? 0;
    const bytes = Buffer.allocUnsafe(length * this.channels * 2);
    for (let channel = 0; channel < this.channels; channel++) {
      const samples = channels[channel]!;
      for (let i = 0; i < length; i++) {
        const clipped = Math.max(-1, Math.min(1, samples[i]!));
        bytes.writeInt16LE(Math.round(clipped * 32767), (i * this.channels + channel) * 2);
      }
    }
    if (this.#isClosed || this.#dataBytes + bytes.length > MAX_DATA_BYTES) return;
    this.#attempt(() => writeSync(this.#fd, bytes, 0, bytes.length, HEADER_BYTES + this.#dataBytes));
    this.#dataBytes += bytes.length;
  }

  /** Makes the header say what has been written. */
  checkpoint(): void {
    const header = wavHeader({ dataBytes: this.#dataBytes, sampleRateHz: this.sampleRateHz, channels: this.channels });
    if (!this.#isClosed) this.#attempt(() => writeSync(this.#fd, header, 0, HEADER_BYTES, 0));
  }

  close(): void {
    if (this.#isClosed) return;
    this.checkpoint();
    this.#isClosed = true;
    closeSync(this.#fd);
  }

  #attempt<T>(write: () => T): T {
    try {
      return write();
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code === 'ENOSPC' ? 'disk-full' : 'audio-file-bad';
      const message = 'The file cannot be written.';
      throw new ParleyError({ code, stage: 'audio', message, detail: this.#name, cause });
    }
  }
}

function wavHeader(options: { dataBytes: number; sampleRateHz: number; channels: number }): Buffer {
  const { dataBytes, sampleRateHz, channels } = options;
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(HEADER_BYTES - 8 + dataBytes, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(sampleRateHz, 24);
  header.writeUInt32LE(sampleRateHz * channels * 2, 28);
  header.writeUInt16LE(channels * 2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(dataBytes, 40);
  return header;
}
