import { closeSync, openSync, readSync } from 'node:fs';
import { WavWriter } from '../../audio/wav-writer.ts';
import { CAPTURE_RATE_HZ } from '../../contract/audio-format.ts';
import { ParleyError } from '../../contract/errors.ts';
import type { CaptureFrame } from '../../ports/audio-devices.ts';

const HEADER_BYTES = 44;
const CHECKPOINT_SAMPLES = CAPTURE_RATE_HZ / 2;
/** Longer holes (a device was away) are kept as holes: nothing was said in them. */
const MAX_HOLE_SAMPLES = 60 * CAPTURE_RATE_HZ;

/** The captured sound as a WAV file that grows, whole up to the last half second should the program end. Positions are those of the capture stream. */
export class CaptureTrack {
  readonly #filePath: string;
  readonly #writer: WavWriter;
  /** Capture positions and where they lie in the file, in order. */
  readonly #pieces: { startSample: number; at: number }[] = [];
  #nextSample = -1;
  #checkpointAt = CHECKPOINT_SAMPLES;

  /** Throws `audio-file-bad` or `disk-full`, as do the methods. */
  constructor(filePath: string) {
    this.#filePath = filePath;
    this.#writer = new WavWriter({ filePath, sampleRateHz: CAPTURE_RATE_HZ });
  }

  push(frames: readonly CaptureFrame[]): void {
    for (const { startSample, samples } of frames) {
      const hole = startSample - this.#nextSample;
      if (this.#nextSample < 0 || hole < 0 || hole > MAX_HOLE_SAMPLES) {
        this.#pieces.push({ startSample, at: this.#writer.length });
      } else if (hole > 0) this.#writer.write(new Float32Array(hole));
      this.#writer.write(samples);
      this.#nextSample = startSample + samples.length;
    }
    if (this.#writer.length < this.#checkpointAt) return;
    this.#writer.checkpoint();
    this.#checkpointAt = this.#writer.length + CHECKPOINT_SAMPLES;
  }

  /** What was captured between two positions, as far as it is there. */
  cut({ from, to }: { from: number; to: number }): Float32Array {
    const piece = this.#pieces.findLast(({ startSample }) => startSample <= from) ?? this.#pieces[0];
    if (!piece) return new Float32Array(0);
    const fileAt = (position: number): number =>
      Math.min(this.#writer.length, Math.max(piece.at, piece.at + position - piece.startSample));
    return this.#read(fileAt(from), fileAt(to));
  }

  close(): void {
    this.#writer.close();
  }

  #read(from: number, to: number): Float32Array {
    const bytes = Buffer.alloc((to - from) * 2);
    try {
      const fd = openSync(this.#filePath, 'r');
      try {
        readSync(fd, bytes, 0, bytes.length, HEADER_BYTES + from * 2);
      } finally {
        closeSync(fd);
      }
    } catch (cause) {
      throw ParleyError.from(cause, 'audio', 'audio-file-bad');
    }
    return Float32Array.from({ length: to - from }, (_, i) => bytes.readInt16LE(i * 2) / 32_768);
  }
}
