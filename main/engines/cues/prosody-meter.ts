import type { VoiceMeasures, VoiceMeter } from '../../ports/voice-cues.ts';
import { FrameAnalysis, type FrameMeasures } from './frame-analysis.ts';
import { FRAME_SAMPLES, HOP_SAMPLES } from './frame-spectra.ts';
import { measureUtterance } from './functionals.ts';

/** 30 s, as much as the listener keeps of its audio; of longer turns the end counts. */
const MAX_FRAMES = 3000;

/** Prosody of one utterance after another, frame by frame as the audio comes, so that little is left to do at its end. */
export class ProsodyMeter implements VoiceMeter {
  readonly #analysis = new FrameAnalysis();
  readonly #frame = new Float32Array(FRAME_SAMPLES);
  #filled = 0;
  #frames: FrameMeasures[] = [];

  begin(): void {
    this.#filled = 0;
    this.#frames = [];
    this.#analysis.reset();
  }

  push(samples: Float32Array): void {
    for (let from = 0; from < samples.length;) {
      const taken = samples.subarray(from, from + FRAME_SAMPLES - this.#filled);
      this.#frame.set(taken, this.#filled);
      this.#filled += taken.length;
      from += taken.length;
      if (this.#filled < FRAME_SAMPLES) return;
      this.#frames.push(this.#analysis.measure(this.#frame));
      this.#frame.copyWithin(0, HOP_SAMPLES);
      this.#filled = FRAME_SAMPLES - HOP_SAMPLES;
    }
    if (this.#frames.length > MAX_FRAMES) this.#frames = this.#frames.slice(-MAX_FRAMES);
  }

  measure(): VoiceMeasures | null {
    return measureUtterance(this.#frames);
  }
}
