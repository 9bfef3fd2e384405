/// <reference path="./worklet-scope.d.ts" />
import { AudioFrameKind, encodeAudioFrame } from '../../../main/contract/audio-frame.ts';
import { CAPTURE_FRAME_SAMPLES, CAPTURE_RATE_HZ } from '../../../main/contract/audio-format.ts';
import { SincResampler } from './sinc-resampler.ts';
import { MICROPHONE_WORKLET } from './worklet-messages.ts';

/** Microphone at the context's rate → 10 ms frames at 16 kHz, already in the wire format, so that the page only passes them on. */
class MicrophoneProcessor extends AudioWorkletProcessor {
  readonly #resampler = new SincResampler(sampleRate, CAPTURE_RATE_HZ);
  readonly #frame = new Float32Array(CAPTURE_FRAME_SAMPLES);
  #filled = 0;
  #startSample = 0;

  process(inputs: Float32Array[][]): boolean {
    const channel = inputs[0]?.[0];
    if (channel === undefined) return true;
    this.#resampler.write(channel);
    for (;;) {
      this.#filled += this.#resampler.read(this.#frame, this.#filled);
      if (this.#filled < CAPTURE_FRAME_SAMPLES) return true;
      // 332 bytes each 10 ms is the one allocation here: the page gets the memory itself and must not share it.
      const wire = encodeAudioFrame({
        kind: AudioFrameKind.microphone,
        answerNumber: 0,
        sampleRateHz: CAPTURE_RATE_HZ,
        startSample: this.#startSample,
        samples: this.#frame,
      });
      this.port.postMessage(wire, [wire]);
      this.#startSample += CAPTURE_FRAME_SAMPLES;
      this.#filled = 0;
    }
  }
}

registerProcessor(MICROPHONE_WORKLET, MicrophoneProcessor);
