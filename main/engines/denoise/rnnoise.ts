import type { RnnoiseModule } from '@jitsi/rnnoise-wasm/dist/rnnoise-sync.js';
import { CAPTURE_FRAME_SAMPLES } from '../../contract/audio-format.ts';
import { ParleyError } from '../../contract/errors.ts';
import type { Denoiser } from '../../ports/denoiser.ts';
import { TRIPLE_RATE_DELAY_SAMPLES, TripleRateDown, TripleRateUp } from './triple-rate.ts';

/** RNNoise knows 48 kHz only, and 10 ms. */
const FRAME_SAMPLES = 480;
const LOOKAHEAD_SAMPLES = 960;
const RATE_FACTOR = 3;
const INT16_RANGE = 32_768;
const BYTES = 4;

/**
 * RNNoise 0.2 in WebAssembly, which has its model inside. 0.77 ms of CPU for a frame of 10 ms, 27 ms to load.
 * Looks two frames ahead: with both changes of rate, a voice comes out 22 ms later (measured: 352 samples).
 */
export class RnnoiseDenoiser implements Denoiser {
  readonly delaySamples = Math.round((LOOKAHEAD_SAMPLES + 2 * TRIPLE_RATE_DELAY_SAMPLES) / RATE_FACTOR);
  readonly #module: RnnoiseModule;
  readonly #state: number;
  readonly #frame: number;
  readonly #up = new TripleRateUp();
  readonly #down = new TripleRateDown();

  private constructor(module: RnnoiseModule) {
    this.#module = module;
    this.#state = module._rnnoise_create(0);
    this.#frame = module._malloc(FRAME_SAMPLES * BYTES);
  }

  /** Throws `engine-failed`. */
  static async load(): Promise<RnnoiseDenoiser> {
    try {
      const { default: createRnnoise } = await import('@jitsi/rnnoise-wasm/dist/rnnoise-sync.js');
      return new RnnoiseDenoiser(createRnnoise());
    } catch (cause) {
      throw ParleyError.from(cause, 'audio', 'engine-failed');
    }
  }

  process(frame: Float32Array): void {
    if (frame.length !== CAPTURE_FRAME_SAMPLES) {
      const message = `a frame has ${CAPTURE_FRAME_SAMPLES} samples, not ${frame.length}`;
      throw new ParleyError({ code: 'bad-input', stage: 'audio', message });
    }
    const at = this.#frame / BYTES;
    const samples = this.#module.HEAPF32.subarray(at, at + FRAME_SAMPLES);
    this.#up.process(frame, samples);
    for (let i = 0; i < FRAME_SAMPLES; i++) samples[i] = samples[i]! * INT16_RANGE;
    this.#module._rnnoise_process_frame(this.#state, this.#frame, this.#frame);
    this.#down.process(samples, frame);
    for (let i = 0; i < frame.length; i++) frame[i] = frame[i]! / INT16_RANGE;
  }

  close(): void {
    this.#module._rnnoise_destroy(this.#state);
    this.#module._free(this.#frame);
  }
}
