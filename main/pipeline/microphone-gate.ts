import type { CaptureFrame } from '../ports/audio-devices.ts';

/** Why the microphone's sound goes nowhere: the user wants it so, a test sound is playing, or architectures are being compared. */
export type GateReason = 'muted' | 'room-test' | 'evaluation';

/**
 * Between the microphone and everybody who listens. Closed, it hands silence on: positions go on counting, and nobody has a sample of
 * what is said meanwhile, neither at the moment nor in what they keep for later.
 */
export class MicrophoneGate {
  readonly #reasons = new Set<GateReason>();

  get isClosed(): boolean {
    return this.#reasons.size > 0;
  }

  set(reason: GateReason, closed: boolean): void {
    if (closed) this.#reasons.add(reason);
    else this.#reasons.delete(reason);
  }

  pass(frames: CaptureFrame[]): CaptureFrame[] {
    if (!this.isClosed) return frames;
    return frames.map(({ startSample, samples }) => ({ startSample, samples: new Float32Array(samples.length) }));
  }
}
