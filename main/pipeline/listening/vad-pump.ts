import type { Vad } from '../../ports/vad.ts';
import type { AudioRing } from './audio-ring.ts';
import { NearVoice } from './near-voice.ts';
import type { SpeechTrack } from './speech-track.ts';

export interface VadPumpOptions {
  vad: Vad;
  ring: AudioRing;
  track: SpeechTrack;
  /** After each window. */
  onWindow(window: { endSample: number; probability: number; levelDbfs: number }): void;
  /** The VAD failed; no more windows will follow. */
  onFailure(cause: unknown): void;
}

/** Cuts the stream into the VAD's windows, at multiples of their length, and keeps the track up to date. */
export class VadPump {
  readonly #options: VadPumpOptions;
  readonly #nearVoice = new NearVoice();
  #started = false;
  #failed = false;
  #work: Promise<void> | undefined;

  constructor(options: VadPumpOptions) {
    this.#options = options;
  }

  /** There is new audio in the ring. */
  advance(): void {
    if (this.#failed || this.#work || !this.#hasWindow()) return;
    this.#work = this.#run();
  }

  /** Resolves when everything in the ring now has been judged. */
  async caughtUp(): Promise<void> {
    while (this.#work) await this.#work;
  }

  async #run(): Promise<void> {
    const { vad, ring, track, onWindow, onFailure } = this.#options;
    try {
      while (!this.#failed && this.#hasWindow()) {
        this.#join();
        const startSample = track.endSample;
        // The first window may begin before the stream does: silence in front.
        const window = new Float32Array(track.windowSamples);
        const audio = ring.read(startSample, startSample + track.windowSamples);
        window.set(audio, track.windowSamples - audio.length);
        const levelDbfs = levelOf(window);
        const probability = this.#nearVoice.judge({ probability: await vad.process(window), levelDbfs });
        track.record(probability);
        onWindow({ endSample: track.endSample, probability, levelDbfs });
      }
    } catch (cause) {
      this.#failed = true;
      onFailure(cause);
    } finally {
      // Here and not in a callback of the promise: audio that came in between would wait for the next push.
      this.#work = undefined;
    }
  }

  #hasWindow(): boolean {
    const { ring, track } = this.#options;
    const startSample = this.#isApart() ? this.#firstWindow() : track.endSample;
    return ring.endSample > ring.startSample && ring.endSample >= startSample + track.windowSamples;
  }

  /** True when the track does not go on where the audio is: at the beginning, or when the stream jumped. */
  #isApart(): boolean {
    const { ring, track } = this.#options;
    return !this.#started || track.endSample > ring.endSample || track.endSample < this.#firstWindow();
  }

  #join(): void {
    if (!this.#isApart()) return;
    this.#started = true;
    this.#options.vad.reset();
    this.#nearVoice.reset();
    this.#options.track.restart(this.#firstWindow());
  }

  #firstWindow(): number {
    const { ring, track } = this.#options;
    return Math.floor(ring.startSample / track.windowSamples) * track.windowSamples;
  }
}

const LOWEST_DBFS = -120;

function levelOf(window: Float32Array): number {
  const power = window.reduce((sum, sample) => sum + sample * sample, 0) / window.length;
  return Math.max(LOWEST_DBFS, 10 * Math.log10(power));
}
