import { fromPcm16 } from '../../lib/pcm16.ts';

/** 16-bit samples out of pieces that may be cut anywhere: half a sample waits for its other half. */
export class PcmStream {
  #half: Uint8Array = new Uint8Array(0);

  push(bytes: Uint8Array): Float32Array {
    const whole = this.#half.length === 0 ? bytes : Buffer.concat([this.#half, bytes]);
    const usableBytes = whole.length - (whole.length % 2);
    this.#half = whole.slice(usableBytes);
    return fromPcm16(whole.subarray(0, usableBytes));
  }

  /** What comes next is another sound. */
  reset(): void {
    this.#half = new Uint8Array(0);
  }
}
