import { AudioRing } from '../../pipeline/listening/audio-ring.ts';
import type { CaptureFrame } from '../../ports/audio-devices.ts';
import type { CallOptions } from '../../ports/call-options.ts';
import type { Listener, ListenerEvent, UtteranceReading } from '../../ports/listener.ts';

export const CAPTURE_RATE_HZ = 16_000;
/** As much as the ears keep. */
const KEPT_SECONDS = 30;
/** Readings whose sound may still be asked for: an utterance is read at every pause. */
const KEPT_READINGS = 4;

/** Ears that remember how what they read has sounded. The sound stays in this process: it went through here on its way to them. */
export class UtteranceAudio implements Listener {
  readonly #listener: Listener;
  readonly #ring = new AudioRing(KEPT_SECONDS * CAPTURE_RATE_HZ);
  #utterance: { id: number; fromSample: number } | null = null;
  #readings: { text: string; pcm: Float32Array }[] = [];

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  /** 16 kHz mono; undefined for words that were not heard. */
  of(text: string): Float32Array | undefined {
    return this.#readings.findLast((reading) => reading.text === text)?.pcm;
  }

  push(frames: CaptureFrame[]): void {
    for (const { startSample, samples } of frames) this.#ring.write(startSample, samples);
    this.#listener.push(frames);
  }

  beginUtterance(utteranceId: number, fromSample: number, options?: { measureVoice?: boolean }): void {
    this.#utterance = { id: utteranceId, fromSample };
    this.#listener.beginUtterance(utteranceId, fromSample, options);
  }

  async readUtterance(utteranceId: number, toSample: number, options?: CallOptions): Promise<UtteranceReading> {
    const { id, fromSample } = this.#utterance ?? { id: null, fromSample: 0 };
    const pcm = id === utteranceId ? this.#ring.read(fromSample, toSample) : new Float32Array(0);
    const reading = await this.#listener.readUtterance(utteranceId, toSample, options);
    if (pcm.length > 0) this.#readings = [...this.#readings, { text: reading.text, pcm }].slice(-KEPT_READINGS);
    return reading;
  }

  endUtterance(utteranceId: number): void {
    this.#listener.endUtterance(utteranceId);
  }

  onEvent(listener: (event: ListenerEvent) => void): () => void {
    return this.#listener.onEvent(listener);
  }
}
