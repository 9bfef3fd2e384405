import { CAPTURE_FRAME_SAMPLES } from '../contract/audio-format.ts';
import type { CaptureFrame } from '../ports/audio-devices.ts';

/** Cuts a 16 kHz stream of blocks of any size into capture frames, counting samples from the first one. */
export class CaptureFramer {
  #rest: Float32Array = new Float32Array(0);
  #nextSample: number;

  constructor(startSample = 0) {
    this.#nextSample = startSample;
  }

  /** Index that the next frame's first sample will have. */
  get nextSample(): number {
    return this.#nextSample;
  }

  /** Samples that wait for the rest of their frame. */
  get waitingSamples(): number {
    return this.#rest.length;
  }

  /** The frames that `samples` completes. Each owns its memory. */
  add(samples: Float32Array): CaptureFrame[] {
    const all = new Float32Array(this.#rest.length + samples.length);
    all.set(this.#rest);
    all.set(samples, this.#rest.length);
    const frames: CaptureFrame[] = [];
    let at = 0;
    for (; at + CAPTURE_FRAME_SAMPLES <= all.length; at += CAPTURE_FRAME_SAMPLES) {
      frames.push({ startSample: this.#nextSample, samples: all.slice(at, at + CAPTURE_FRAME_SAMPLES) });
      this.#nextSample += CAPTURE_FRAME_SAMPLES;
    }
    this.#rest = all.slice(at);
    return frames;
  }
}
