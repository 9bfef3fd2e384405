import { checkPcm } from '../../main/engines/check-pcm.ts';
import { ParleyError } from '../../main/contract/errors.ts';
import type { Vad } from '../../main/ports/vad.ts';

const WINDOW_SAMPLES = 512;
const LOUD_RMS = 0.05;

/** Takes loud for speech. */
export class FakeVad implements Vad {
  readonly windowSamples = WINDOW_SAMPLES;
  resets = 0;
  #failure: Error | undefined;
  #closed = false;

  /** The next window throws. */
  failNext(error: Error): void {
    this.#failure = error;
  }

  async process(window: Float32Array): Promise<number> {
    if (this.#closed) throw new ParleyError({ code: 'queue-closed', stage: 'listen' });
    if (window.length !== WINDOW_SAMPLES) throw new ParleyError({ code: 'bad-input', stage: 'listen' });
    checkPcm(window, 'listen');
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure) throw failure;
    const power = window.reduce((sum, sample) => sum + sample * sample, 0) / window.length;
    return Math.sqrt(power) >= LOUD_RMS ? 0.95 : 0.02;
  }

  reset(): void {
    this.resets++;
  }

  async close(): Promise<void> {
    this.#closed = true;
  }
}
