import { deferred, type Deferred } from '../lib/deferred.ts';
import type { StreamingResampler } from './streaming-resampler.ts';

/** Source audio that is converted at a time. Small, so that little is converted in vain when an answer is stopped. */
const CONVERT_BLOCK_MS = 20;

/**
 * One answer on its way to the loudspeaker: audio at its own rate waiting to be converted to the device's rate. Knows to the
 * sample how much of it was given out.
 */
export class AnswerTrack {
  readonly answerNumber: number;
  readonly sampleRateHz: number;
  #chunks: Float32Array[] = [];
  /** Index of the first sample of #chunks[0]. */
  #chunksStart = 0;
  #received = 0;
  /** Source samples given to the converter. */
  #converted = 0;
  /** Converted samples that were not given out yet. */
  #ready: Float32Array = new Float32Array(0);
  #readyAt = 0;
  /** Where the converter's current stream began, and how many device samples of it were given out. */
  #streamStart = 0;
  #givenOut = 0;
  #deviceRateHz = 0;
  #isFlushed = false;
  #isComplete = false;
  #room: Deferred<void> | undefined;

  constructor(answerNumber: number, sampleRateHz: number) {
    this.answerNumber = answerNumber;
    this.sampleRateHz = sampleRateHz;
  }

  /** No more audio will be added. */
  complete(): void {
    this.#isComplete = true;
  }

  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Samples, at the answer's rate, that the audio given out so far stands for. */
  get position(): number {
    if (this.isDrained) return this.#received;
    const ratio = this.sampleRateHz / (this.#deviceRateHz || this.sampleRateHz);
    return Math.min(this.#received, this.#streamStart + Math.floor(this.#givenOut * ratio));
  }

  /** Everything was given out. */
  get isDrained(): boolean {
    const nothingLeft = this.#converted === this.#received && this.#readyAt === this.#ready.length;
    return this.#isComplete && nothingLeft && (this.#isFlushed || this.#received === this.#streamStart);
  }

  get waitingSeconds(): number {
    return (this.#received - this.position) / this.sampleRateHz;
  }

  add(samples: Float32Array): void {
    if (samples.length === 0 || this.#isComplete) return;
    this.#chunks.push(samples);
    this.#received += samples.length;
  }

  /** Resolves when less than `boundSeconds` are waiting, or when the track is let go. */
  async whenBelow(boundSeconds: number): Promise<void> {
    while (!this.#isComplete && this.waitingSeconds >= boundSeconds) {
      this.#room ??= deferred();
      await this.#room.promise;
    }
  }

  /** Lets go of producers that wait for room. */
  release(): void {
    this.#isComplete = true;
    this.#wakeProducers();
  }

  /** Begins (or, after the device changed, begins again at the same sample) to convert for a device. */
  startConverting(resampler: StreamingResampler, deviceRateHz: number): void {
    const position = this.position;
    resampler.restart({ inputRateHz: this.sampleRateHz, outputRateHz: deviceRateHz });
    this.#deviceRateHz = deviceRateHz;
    this.#streamStart = position;
    this.#converted = position;
    this.#givenOut = 0;
    this.#ready = new Float32Array(0);
    this.#readyAt = 0;
    this.#isFlushed = false;
  }

  /** Writes up to `out.length` samples at the device's rate; returns how many. Fewer: no audio is there yet, or no more comes. */
  render(out: Float32Array, resampler: StreamingResampler): number {
    let written = 0;
    while (written < out.length && (this.#readyAt < this.#ready.length || this.#convertMore(resampler))) {
      const part = this.#ready.subarray(this.#readyAt, this.#readyAt + out.length - written);
      out.set(part, written);
      written += part.length;
      this.#readyAt += part.length;
    }
    this.#givenOut += written;
    this.#forgetBefore(this.position);
    this.#wakeProducers();
    return written;
  }

  #wakeProducers(): void {
    this.#room?.resolve();
    this.#room = undefined;
  }

  #convertMore(resampler: StreamingResampler): boolean {
    if (this.#converted < this.#received) {
      const block = this.#nextBlock();
      this.#converted += block.length;
      this.#ready = resampler.process(block);
    } else if (this.#isComplete && !this.#isFlushed && this.#received > this.#streamStart) {
      this.#isFlushed = true;
      this.#ready = resampler.flush();
    } else return false;
    this.#readyAt = 0;
    return true;
  }

  #nextBlock(): Float32Array {
    const wanted = Math.ceil((this.sampleRateHz * CONVERT_BLOCK_MS) / 1000);
    let start = this.#chunksStart;
    for (const chunk of this.#chunks) {
      const offset = this.#converted - start;
      if (offset < chunk.length) return chunk.subarray(offset, offset + wanted);
      start += chunk.length;
    }
    return new Float32Array(0);
  }

  /** Audio is kept until it was given out, so that conversion can begin again at any sample that was not. */
  #forgetBefore(position: number): void {
    while (this.#chunks.length > 0 && this.#chunksStart + this.#chunks[0]!.length <= position) {
      this.#chunksStart += this.#chunks.shift()!.length;
    }
  }
}
